"""What the demo sends: one message as a file, one by the command line, one for the web service."""

from typing import Final

INVOICE_EML: Final = """\
To: Ann Example <ann@customer.example>
Bcc: tax@accountant.example
Subject: Invoice 2026-0042
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Ann,

this is the invoice for March. A copy goes to our accountant, whom you cannot see.
"""

REMINDER_EML: Final = """\
To: bob@customer.example
Subject: A friendly reminder
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=part

--part
Content-Type: text/html; charset=utf-8

<p>Dear Bob, would you have a look at the attached statement?</p>
--part
Content-Type: text/csv; name=statement.csv
Content-Disposition: attachment; filename=statement.csv

date,amount
2026-03-01,42.00
--part--
"""
