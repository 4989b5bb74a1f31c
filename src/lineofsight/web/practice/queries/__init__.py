"""The only readers of child data in the web. Every query takes a Viewer and gives what that viewer may see."""
