"""What every page is made of: the frame, the menu, the components, the states."""
