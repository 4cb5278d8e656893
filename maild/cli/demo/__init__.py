"""`maild demo`: the whole job on one machine, with sinks in place of the world. Not a part of the daemon."""
