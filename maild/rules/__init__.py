"""What can be wrong with a file and how to say it: one file a rule, in families by the first digit of the code.

    ML1 syntax/      the text cannot be read           ML5 identity/   passwords and senders
    ML2 structure/   keys and kinds of values          ML6 routing/    routes, delivery, the spool
    ML3 transport/   ports, encryption, URLs           ML7 probe/      looks at servers, the page
    ML4 provider/    what one provider wants           ML9 tool/       maild's own settings and errors

A new rule is its file, its line in `catalogue` and its cases below tests/rules/cases.
"""
