# 阶段（data/story.json）。

phase-start = 启动
phase-types = 类型注册
phase-options = 选项
phase-classes = 类初始化
phase-machine = 机器
phase-backends = 后端
phase-board = 主板
phase-create = 设备创建
phase-properties = 属性
phase-realize = 具现化
phase-plugged = 插入总线
phase-reset = 复位
phase-ready = 就绪
