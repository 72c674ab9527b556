"""More notes: what was heard in, one note after another out. Knows no ports, no processes and no seconds."""
