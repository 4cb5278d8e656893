"""The spool: drops on their way in, the durable queue, receipts on their way out."""
