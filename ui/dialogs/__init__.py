"""Windows beside the main one: settings, shortcuts, guide, controllers."""
