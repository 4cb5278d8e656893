"""DNS records that concern mail, as grammars and judgements. Pure: who asks a name server hands the answers in."""
