# 类型、覆盖链、配置空间与对象的视图。

view-skeleton = 对象（最新在前）
skeleton-label = { $count } 个对象
view-types = 类型
view-overrides = realize 覆盖链
view-config = 配置空间
view-objects = 对象
