"""The state machine of a jam: what arrives goes in with its moment, what shall happen comes out. No loops, no ports."""
