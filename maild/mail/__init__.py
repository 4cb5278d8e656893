"""Mail itself, as the RFCs have it: addresses, replies, envelopes, messages. All pure."""
