"""When notes sound: what waits to be sent, what sounds now, and how late it went out. Pure: time comes in as `now`."""
