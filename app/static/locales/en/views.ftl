# Views of types, override chains, configuration space and objects.

view-skeleton = Objects, newest first
skeleton-label = { $count } objects
view-types = Types
view-overrides = Who realizes
view-config = Configuration space
view-objects = Objects
