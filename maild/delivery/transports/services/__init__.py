"""Mail services by HTTP that take a whole message and know who logs in: one file a kind, one list of them in
`catalogue`.

A kind is pure: it makes a request of a message, and a judgement of the answer is by rows of a table. Sending is
`transports.http_service`.
"""
