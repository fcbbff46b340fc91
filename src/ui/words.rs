//! All words on the screen, in English and Chinese.

use crate::dataset::Language;

macro_rules! words {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        /// A text of the window. `{}` stands for what is filled in, in order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Word { $($name),* }

        impl Word {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub fn in_language(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english,
                      (Self::$name, Language::Chinese) => $chinese,)*
                }
            }
        }
    };
}

/// Keys that views understand, beside the shortcuts of commands.
pub const KEYS_IN_VIEWS: [(&str, Word); 8] = [
    ("← → ↑ ↓", Word::KeyArrows),
    ("Enter", Word::KeyEnter),
    ("Space", Word::KeySpace),
    ("Esc", Word::KeyEscape),
    ("Tab", Word::KeyTab),
    ("Ctrl + click", Word::KeyCtrlClick),
    ("Ctrl + wheel", Word::KeyCtrlWheel),
    ("Ctrl + C", Word::KeyCopy),
];

words! {
    AppName: "Recallscope", "Recallscope";
    // Commands: a name and a tooltip each.
    Open: "Open data set…", "打开数据集…";
    OpenTip: "Choose a folder with events, users and items", "选择包含行为、用户和内容的文件夹";
    OpenPath: "Open by path…", "按路径打开…";
    OpenPathTip: "Type or paste the folder of a data set", "输入或粘贴数据集文件夹的路径";
    OpenSample: "Open the sample community", "打开示例社区";
    OpenSampleTip: "A small community that comes with the program", "随程序附带的小型社区";
    AddColumn: "Add user", "添加用户";
    AddColumnTip: "Put another user beside these", "再并排放一位用户";
    SurpriseAll: "Surprise me", "随便看看";
    SurpriseAllTip: "Draw other users at random", "随机换一批用户";
    Surprise: "Surprise me", "随便看看";
    SurpriseTip: "Draw a random user", "随机挑选一位用户";
    RemoveColumn: "Remove this user", "移除该用户";
    CoversLarger: "Larger covers", "放大封面";
    CoversSmaller: "Smaller covers", "缩小封面";
    CoverSizeTip: "How large covers are drawn", "封面的显示大小";
    CoverSize: "Cover size", "封面大小";
    Titles: "Titles", "标题";
    TitlesTip: "Show titles under the covers", "在封面下方显示标题";
    Theme: "Theme", "主题";
    ToggleTheme: "Switch light and dark", "切换明暗主题";
    ToggleThemeTip: "Light for the beamer, dark for the eyes", "投影用浅色，护眼用深色";
    FollowSystemTheme: "Theme of the system", "跟随系统主题";
    FollowSystemThemeTip: "Light or dark as the system is set", "与系统的明暗设置一致";
    SwitchLanguage: "Switch to Chinese", "切换为英文";
    SwitchLanguageTip: "Words, tags and titles in the other language", "界面、标签和标题换用另一种语言";
    Language: "Language", "语言";
    ToggleLeft: "Data panel", "数据面板";
    ToggleLeftTip: "Show or hide the data set and its lanes", "显示或隐藏数据集与召回通道";
    ToggleInspector: "Inspector", "详情面板";
    ToggleInspectorTip: "Show or hide what is selected", "显示或隐藏所选内容的详情";
    ToggleJobs: "Background work", "后台任务";
    ToggleJobsTip: "Show or hide the jobs", "显示或隐藏后台任务";
    Palette: "Command palette…", "命令面板…";
    PaletteTip: "Find any command by its name", "按名称查找任何命令";
    Help: "Help", "帮助";
    HelpTip: "What the mouse and the keys do here", "这里的鼠标和按键操作";
    Back: "Back", "后退";
    BackTip: "What was selected before", "上一个选择";
    Forward: "Forward", "前进";
    ForwardTip: "What was selected after", "下一个选择";
    FocusSearch: "Search", "搜索";
    FocusSearchTip: "Find a user or an item by id, title or tag", "按编号、标题或标签查找用户或内容";
    CancelAll: "Cancel all jobs", "取消所有任务";
    CancelAllTip: "Stop everything that runs in the background", "停止所有后台任务";
    RetryAll: "Train missing lanes", "训练缺失的通道";
    RetryAllTip: "Train the lanes that failed or were cancelled", "重新训练失败或被取消的通道";
    Quit: "Quit", "退出";
    QuitTip: "Close the window; what is finished is kept", "关闭窗口；已完成的工作都会保留";
    Undo: "Undo", "撤销";
    UndoTip: "Take the last change back", "撤销上一步更改";
    Redo: "Redo", "重做";
    RedoTip: "Make the change again that was taken back", "重做刚撤销的更改";
    ShowCaseStudy: "Show the case study", "显示案例研究";
    ShowTraining: "Show training", "显示训练";
    ShowEvaluation: "Show evaluation", "显示评估";
    ShowData: "Show data", "显示数据";
    ShowTip: "Bring this view to the front; open it if it is closed", "将该视图置于最前；若已关闭则重新打开";
    ArrangeCaseStudy: "Layout: case study", "布局：案例研究";
    ArrangeCaseStudyTip: "Users side by side, panels at the sides", "用户并排，两侧显示面板";
    ArrangeTraining: "Layout: training", "布局：训练";
    ArrangeTrainingTip: "Training runs in front", "训练置于最前";
    ArrangeEvaluation: "Layout: evaluation", "布局：评估";
    ArrangeEvaluationTip: "The table of lanes in front", "评估表置于最前";
    ArrangeData: "Layout: data", "布局：数据";
    ArrangeDataTip: "The data set in front", "数据置于最前";
    ArrangeWorkbench: "Layout: workbench", "布局：工作台";
    ArrangeWorkbenchTip: "Case study above, evaluation and training below", "上方案例研究，下方评估与训练";
    ArrangeDemo: "Layout: demo", "布局：演示";
    ArrangeDemoTip: "Nothing but the case study", "只显示案例研究";
    LayoutWorkbench: "Workbench", "工作台";
    LayoutDemo: "Demo", "演示";
    SaveLayout: "Save this layout…", "保存当前布局…";
    SaveLayoutTip: "Give the arrangement of views and panels a name", "为当前视图和面板的排列命名";
    Layouts: "Layout", "布局";
    LayoutName: "Name of the layout", "布局名称";
    ForgetLayout: "Forget this layout", "删除该布局";
    Save: "Save", "保存";
    Larger: "Everything larger", "整体放大";
    Smaller: "Everything smaller", "整体缩小";
    LargerTip: "Change the scale of the whole window", "改变整个窗口的缩放比例";
    NaturalSize: "Natural size", "原始大小";
    NaturalSizeTip: "The scale that the system asks for", "恢复系统的缩放比例";
    Settings: "Settings…", "设置…";
    SettingsTip: "Theme, language, scale, memory and threads", "主题、语言、缩放、内存和线程";
    FrameTimes: "Frame times", "帧耗时";
    FrameTimesTip: "Show how long the window thinks about each frame", "显示窗口绘制每一帧所用的时间";
    FrameTimesText: "median {} ms · 99 % {} ms", "中位 {} ms · 99 % {} ms";
    Shortcuts: "Keyboard shortcuts", "键盘快捷键";
    ShortcutsTip: "All keys on one sheet", "在一页中列出所有快捷键";
    CloseView: "Close this view", "关闭该视图";
    AllClosed: "All views are closed", "所有视图均已关闭";
    ViewFailed: "{} broke off. Everything else goes on.", "{}出错了，其余部分不受影响。";
    DrawAgain: "Draw it again", "重新绘制";
    HelpOn: "Help: {}", "帮助：{}";
    Run: "Run", "训练运行";
    // Keys of the views
    KeyArrows: "Move in covers, lists and tables", "在封面、列表和表格中移动";
    KeyEnter: "Open what is chosen", "打开所选内容";
    KeySpace: "Peek at what is chosen", "快速预览所选内容";
    KeyEscape: "Close, or go back", "关闭或返回";
    KeyTab: "Next control", "下一个控件";
    KeyCtrlClick: "Hold several for comparison", "同时选择多个以便比较";
    KeyCtrlWheel: "Size of the covers", "调整封面大小";
    // Settings
    SettingsTitle: "Settings", "设置";
    ThemeDark: "Dark", "深色";
    ThemeLight: "Light", "浅色";
    ThemeSystem: "As the system", "跟随系统";
    Scale: "Scale", "缩放";
    CoverMemory: "Memory for covers", "封面内存";
    CoverMemoryTip: "Decoded covers are kept up to this size; those seen longest ago give way", "解码后的封面最多占用这么多内存；最久未看的先被移除";
    Threads: "Threads for training", "训练线程数";
    ThreadsTip: "Counts from the next training on. With one thread the same settings give the same vectors each time", "从下一次训练起生效。单线程时相同设置每次得到相同向量";
    ThreadsAll: "One per core ({})", "每核一个（{}）";
    Device: "Device", "设备";
    DeviceCpu: "Processor ({} cores)", "处理器（{} 核）";
    DeviceNote: "The lanes of this version train on the processor; the window is drawn through Vulkan, Metal or DirectX.", "该版本的通道在处理器上训练；窗口通过 Vulkan、Metal 或 DirectX 绘制。";
    Defaults: "Defaults", "恢复默认";
    // Views
    Training: "Training", "训练";
    TrainingHelp: "Start, follow, cancel and compare runs. Each run keeps its data, settings, seed and version.", "启动、跟踪、取消和比较训练。每次训练都记录数据、设置、随机种子和版本。";
    Evaluation: "Evaluation", "评估";
    EvaluationHelp: "Lanes and runs by metric and slice, with 95 % intervals. Click a heading to sort. Click a row to hold it, Ctrl-click another to see the paired difference. Enter or a double-click opens the users of a row; a click on a user puts him into the case study. In tables the arrows move, Ctrl + C copies the row and Ctrl + Shift + C the cell; the right button exports CSV or Parquet.",
        "按指标和人群切片比较通道与训练，附 95 % 置信区间。单击表头可排序。单击选中一行，按住 Ctrl 再单击另一行可查看配对差异。按 Enter 或双击可查看该行的用户，单击用户即可放入案例对比。表格中可用方向键移动，Ctrl + C 复制整行，Ctrl + Shift + C 复制单元格，右键可导出 CSV 或 Parquet。";
    Data: "Data", "数据";
    DataHelp: "What was read, what was set aside and why, and how the log is split.", "读取了什么、搁置了什么及原因，以及日志如何划分。";
    // Menus
    MenuFile: "File", "文件";
    MenuEdit: "Edit", "编辑";
    MenuHelp: "Help", "帮助";
    MenuView: "View", "视图";
    MenuGo: "Go", "转到";
    Recent: "Recent data sets", "最近的数据集";
    NoRecent: "None yet", "暂无";
    // Empty state and opening
    Welcome: "See what each lane recalls, user by user", "逐个用户，看清每条通道召回了什么";
    WelcomeHint: "Open a folder with an events table, or drop it here", "打开一个含有行为表的文件夹，或拖放到此处";
    DropHere: "Drop a data set's folder to open it", "松开即可打开该数据集文件夹";
    PathHint: "Folder of a data set", "数据集文件夹";
    PathTitle: "Open a data set", "打开数据集";
    PathNote: "A folder with events.csv, .parquet or .ndjson; also RecBole, MovieLens and LightGCN folders",
        "包含 events.csv、.parquet 或 .ndjson 的文件夹；也支持 RecBole、MovieLens 和 LightGCN 目录";
    Browse: "Browse…", "浏览…";
    OpenNow: "Open", "打开";
    Cancel: "Cancel", "取消";
    Close: "Close", "关闭";
    Opening: "Opening {}", "正在打开 {}";
    OpenFailed: "Could not open the data set", "无法打开数据集";
    OpenFailedIn: "Could not open {}", "无法打开 {}";
    StillOpen: "{} is still open", "{} 仍处于打开状态";
    SampleMissing: "The sample community is not here. Looked in {}. Make one with: recallscope simulate sample_data",
        "未找到示例社区。已查找：{}。可用以下命令生成：recallscope simulate sample_data";
    Copy: "Copy", "复制";
    CopyTip: "Copy the message", "复制该信息";
    Dismiss: "Dismiss", "知道了";
    DialogFailed: "No folder dialog on this system; type the path instead", "系统没有文件夹对话框，请直接输入路径";
    // The data panel
    DataSet: "Data set", "数据集";
    Users: "Users", "用户";
    Items: "Items", "内容";
    Events: "Events", "行为";
    Covers: "Covers", "封面";
    Span: "Time span", "时间范围";
    From: "From", "起始";
    To: "To", "截止";
    SplitLabel: "Split", "划分";
    SplitTemporal: "Before and after {}", "以 {} 为界";
    SplitUserTime: "Last fifth of each user", "每位用户最后五分之一";
    SplitLeaveLastOut: "Last one of each user", "每位用户最后一次";
    SplitRandom: "Random, 8 : 1 : 1", "随机 8 : 1 : 1";
    SplitGiven: "As published", "按发布时的划分";
    WindowLabel: "Window", "窗口";
    WindowDays: "{} days before", "之前 {} 天";
    WindowAll: "All of the training part", "全部训练数据";
    TrainPart: "Training", "训练";
    TestPart: "Later", "之后";
    SetAside: "{} rows set aside", "已搁置 {} 行";
    NothingSetAside: "Nothing was set aside", "没有搁置任何行";
    Lanes: "Lanes", "召回通道";
    Ready: "Ready", "就绪";
    Waiting: "Waiting", "等待中";
    Cancelled: "Cancelled", "已取消";
    Failed: "Failed", "失败";
    Preparing: "Preparing", "准备中";
    Train: "Train", "训练";
    Retry: "Try again", "重试";
    RetryTip: "Train this lane again", "重新训练该通道";
    // Lanes
    HotAbout: "What the community takes most just now", "当前社区最热门的内容";
    ItemCfAbout: "Similar to what the user took, by common users", "与用户看过的内容相似（共同用户）";
    Item2vecAbout: "Near what the user took, by learned vectors", "与用户看过的内容相近（向量）";
    RecallAt: "Recall@20", "Recall@20";
    RecallAtTip: "Share of what users took later that stands among the first 20, mean over {} users",
        "用户之后所取内容出现在前 20 名中的比例，{} 位用户的平均";
    HitsOf: "{} of {} taken later", "命中 {} / {}";
    NoLater: "nothing taken later", "之后无行为";
    HitsTip: "Among the first 20 of {} items the user took later", "用户之后取用的 {} 个内容中，出现在前 20 名的数量";
    NothingRecalled: "This lane finds nothing for this user", "该通道没有为此用户召回内容";
    NothingRecalledWhy: "It starts from what a user took, and this user took nothing before the split",
        "该通道以用户的历史为起点，而此用户在划分之前没有行为";
    LaneCancelled: "Training was cancelled", "训练已取消";
    // The case study
    CaseStudy: "Case study", "案例对比";
    ChooseUser: "Choose a user", "选择用户";
    FindUser: "Id or attribute, e.g. 25 F", "编号或属性，如 25 女";
    NoSuchUser: "No user matches {}", "没有匹配 {} 的用户";
    MoreUsers: "{} users", "{} 位用户";
    Anyone: "Anyone", "任何人";
    FilterWoman: "A woman", "一位女性";
    FilterMan: "A man", "一位男性";
    FilterNew: "A new user", "一位新用户";
    FilterQuiet: "A quiet user", "一位低活跃用户";
    FilterActive: "An active user", "一位活跃用户";
    FilterValue: "{}: {}", "{}：{}";
    SurpriseFilter: "Who may be drawn", "可以抽取谁";
    BandNew: "new", "新用户";
    BandQuiet: "quiet", "低活跃";
    BandRegular: "regular", "一般活跃";
    BandActive: "active", "高活跃";
    BandTip: "{} interactions in the training part; bands are thirds of all users, new means none",
        "训练部分有 {} 次互动；按用户三等分划分活跃度，没有任何互动的为新用户";
    UserNamed: "User {}", "用户 {}";
    Behaviour: "Behaviour", "行为构成";
    FavouriteTags: "Favourite tags", "偏好标签";
    RecentCovers: "Recently taken", "最近看过";
    RecentNote: "newest first", "由近到远";
    NoRecentCovers: "Took nothing before the split", "划分之前没有任何行为";
    LaterCovers: "Taken later", "之后所取";
    Marks: "Marks", "标记";
    MarkHit: "taken later", "之后取用";
    MarkTag: "shares a tag", "标签相同";
    MarkTail: "tail", "长尾";
    MarkFresh: "fresh", "新近内容";
    MarkBoth: "also for the other user", "另一用户也有";
    MarkAlso: "also found by", "同时召回的通道";
    LegendTitle: "Legend", "图例";
    Ago: "{} before", "{}前";
    Rank: "Rank", "排名";
    Score: "Score", "得分";
    WhyTitle: "Because of", "召回原因";
    WhyHot: "Popular with everybody; no item of this user carried it", "全站热门；与该用户的历史无关";
    WhyShare: "{} % of the score", "占得分的 {} %";
    AlsoFoundBy: "Also found by {}", "{} 也召回了它";
    TakenLaterLong: "The user took this later", "用户之后取用了它";
    SharesTags: "Tags in common: {}", "共同标签：{}";
    TailLong: "Tail item: among the last 20 % of interactions", "长尾内容：处于互动量最后 20 % 的部分";
    FreshLong: "Fresh: came out in the week before the split, or later", "新近内容：划分前一周内或之后发布";
    CaseHelp: "Click a cover or a user to select it everywhere; Ctrl-click holds several. Rest on a cover to see why it was recalled. Ctrl + wheel or the slider changes the size of covers. Tab and the arrow keys walk through covers, Enter selects.",
        "点击封面或用户即可在所有视图中选中；按住 Ctrl 可多选。悬停在封面上可查看召回原因。Ctrl + 滚轮或滑块可调整封面大小。Tab 与方向键可在封面间移动，Enter 选中。";
    // Inspector
    NothingSelectedHint: "Click a cover, a user, a tag or a lane to see more of it here",
        "点击封面、用户、标签或通道，在此查看详情";
    LanesCompared: "Lanes compared", "通道对比";
    NobodyMeasured: "Nobody to measure: no user took anything new to him after the split",
        "无可评估的用户：划分之后没有用户取用未曾取用的内容";
    OverUsers: "Over {} users with a later part; whiskers are 95 % intervals", "{} 位有后续行为的用户；须线为 95 % 区间";
    MetricRecall: "Recall@20", "召回率 Recall@20";
    MetricNdcg: "NDCG@20", "排序质量 NDCG@20";
    MetricHitRate: "Hit rate@20", "命中率@20";
    MetricCoverage: "Catalogue coverage@20", "覆盖率@20";
    MetricNovelty: "Novelty@20", "新颖度@20";
    MetricTail: "Tail share@20", "长尾占比@20";
    Selected: "{} selected", "已选 {} 项";
    Item: "Item", "内容";
    User: "User", "用户";
    Tag: "Tag", "标签";
    Lane: "Lane", "通道";
    Id: "Id", "编号";
    Circle: "Circle", "圈子";
    Topics: "Topics", "话题";
    Tags: "Tags", "标签";
    Author: "Author", "作者";
    Published: "Published", "发布时间";
    TakenTraining: "Taken in training", "训练期互动";
    TakenLater: "Taken later", "之后互动";
    Popularity: "Popularity", "热度";
    BandHead: "head", "头部";
    BandWaist: "waist", "腰部";
    BandTail: "tail", "长尾";
    BandNever: "never taken", "无互动";
    InColumns: "In these columns", "在当前各列中";
    NotRecalled: "not among the first {}", "不在前 {} 名";
    PutInColumn: "Show in the case study", "放入案例对比";
    PutInColumnTip: "Put this user beside the others", "与其他用户并排显示";
    CopyId: "Copy id", "复制编号";
    Metrics: "Metrics", "指标";
    Evaluated: "Users with a later part", "有后续行为的用户";
    BuildTime: "Build time", "构建耗时";
    PeakMemory: "Memory", "内存";
    RunId: "Run", "运行";
    Interactions: "Interactions", "互动";
    ItemsWithTag: "Items with this tag", "含该标签的内容";
    LevelAbove: "Under", "上级";
    // Jobs
    Jobs: "Background work", "后台任务";
    AllDone: "All work is done", "所有任务已完成";
    Running: "{} running", "{} 个进行中";
    TimeLeft: "{} left", "剩余 {}";
    CancelJob: "Cancel {}", "取消 {}";
    JobQueued: "Queued", "排队中";
    JobLoad: "Open {}", "打开 {}";
    JobPrepare: "Graphs of {}", "{} 的图";
    JobLane: "Train {}", "训练 {}";
    // Search and palette
    SearchHint: "Search users and items", "搜索用户和内容";
    SearchNothing: "Nothing matches {}", "没有匹配 {} 的结果";
    PaletteHint: "Type a command", "输入命令";
    NoCommand: "No command matches {}", "没有匹配 {} 的命令";
    Layout: "Layout", "布局";
    // Behaviours that communities share
    Click: "click", "点击";
    Like: "like", "点赞";
    Comment: "comment", "评论";
    Favorite: "favorite", "收藏";
    Publish: "publish", "发布";
    Buy: "buy", "购买";
    Rating: "rating", "评分";
    Share: "share", "分享";
    View_: "view", "浏览";
    // Attributes that communities share
    Age: "age", "年龄";
    Gender: "gender", "性别";
    Region: "region", "地区";
    Occupation: "occupation", "职业";
    Woman: "woman", "女";
    Man: "man", "男";
    // Units
    Days: "{} d", "{} 天";
    Hours: "{} h", "{} 小时";
    Minutes: "{} min", "{} 分钟";
    Secs: "{} s", "{} 秒";
    PerSecond: "{} {} per s", "每秒 {} {}";
    UnitItems: "items", "项";
    CoverOf: "Cover of {}", "{} 的封面";
    CoverRanked: "Rank {}, {}", "第 {} 名，{}";
    Screenshot: "Screenshot", "截图";
    // Taking things along
    ExportPicture: "Export picture…", "导出图片…";
    ExportPictureTip: "The view in front as a PNG, at the scale you choose", "将最前面的视图导出为 PNG，可选缩放比例";
    PictureOfView: "Picture of this view…", "导出该视图的图片…";
    PictureOf: "Picture: {}", "图片：{}";
    PictureSize: "{} × {} pixels", "{} × {} 像素";
    PictureHidden: "This view is not in sight; bring it to the front first", "该视图不可见，请先将其置于最前";
    PictureTooLarge: "Too large: the longest side may have {} pixels", "过大：最长边不得超过 {} 像素";
    PictureIncomplete: "The picture was not taken: some covers did not arrive within a minute. Try again when they are in sight",
        "未能生成图片：部分封面在一分钟内未加载完成。请待其显示后重试";
    SavePicture: "Save picture…", "保存图片…";
    SaveTitle: "Save as", "另存为";
    SavePath: "Path of the file", "文件路径";
    SaveDialogFailed: "No file dialog on this system; type the path instead", "系统没有文件对话框，请直接输入路径";
    SaveExists: "This file is there already; press again to replace it", "文件已存在；再按一次将替换它";
    SaveIsFolder: "This is a folder; add the name of a file", "这是一个文件夹，请补上文件名";
    SaveNoFolder: "There is no folder {}", "文件夹 {} 不存在";
    Replace: "Replace", "替换";
    JobSave: "Save {}", "保存 {}";
    SavedAs: "Saved {}", "已保存 {}";
    CopyPath: "Copy path", "复制路径";
    SaveFailed: "{} was not saved: {}", "{} 未能保存：{}";
    CopyCell: "Copy cell", "复制单元格";
    CopyRow: "Copy row", "复制整行";
    CopyTable: "Copy table", "复制表格";
    ExportCsv: "Export CSV…", "导出 CSV…";
    ExportParquet: "Export Parquet…", "导出 Parquet…";
    SortBy: "Sort by {}", "按 {} 排序";
    // The evaluation
    NameRecall: "Recall", "召回率";
    NameNdcg: "NDCG", "NDCG 排序质量";
    NameHitRate: "Hit rate", "命中率";
    NameMrr: "MRR", "MRR 倒数排名";
    NameCoverage: "Coverage", "覆盖率";
    NameGini: "Gini", "基尼系数";
    NameNovelty: "Novelty", "新颖度";
    NameDiversity: "Diversity", "多样性";
    NameTailShare: "Tail share", "长尾占比";
    NameWaistShare: "Waist share", "腰部占比";
    TipRecall: "Share of what users took later that stands among the first K", "用户之后所取内容出现在前 K 名中的比例";
    TipNdcg: "The same, with more weight for higher ranks", "同上，但排名越靠前权重越高";
    TipHitRate: "Share of users who took at least one of the first K later", "之后至少取用前 K 名之一的用户比例";
    TipMrr: "Mean of one over the rank of the first hit", "首个命中排名倒数的平均值";
    TipCoverage: "Share of all items that anybody is shown among the first K", "至少对一位用户进入前 K 名的内容比例";
    TipGini: "How unevenly items are shown; 0 is even", "内容曝光的不均衡程度；0 表示均衡";
    TipNovelty: "Bits that the items shown tell: the rarer, the more", "所推内容的自信息（比特）：越冷门越高";
    TipDiversity: "How far the tags of the items in a list differ, up to the first 50", "列表内各内容标签的差异程度，仅统计前 50 名";
    TipTailShare: "Share of tail and new items among those shown", "所推内容中长尾与新内容的比例";
    TipWaistShare: "Share of waist items among those shown", "所推内容中腰部内容的比例";
    Slice: "Slice", "人群切片";
    SliceAll: "All users", "全部用户";
    SliceUsersNew: "New users", "新用户";
    SliceUsersLow: "Low-activity users", "低活跃用户";
    SliceUsersMiddle: "Regular users", "一般活跃用户";
    SliceUsersActive: "Active users", "高活跃用户";
    SliceItemsNew: "New items", "新内容";
    SliceItemsTail: "Tail items", "长尾内容";
    SliceItemsWaist: "Waist items", "腰部内容";
    SliceItemsHead: "Head items", "头部内容";
    SplitSame: "as now", "与当前一致";
    SplitOther: "another", "不同";
    FirstK: "First {}", "前 {} 名";
    ChooseMetrics: "Choose metrics", "选择指标";
    OverSlice: "{} users · 95 % intervals", "{} 位用户 · 95 % 区间";
    NobodyInSlice: "Nobody in this slice", "该切片中没有用户";
    HoldNone: "Click a row, Ctrl-click another to see what tells them apart; Enter or a double-click opens its users",
        "单击一行，再按住 Ctrl 单击另一行即可比较差异；按 Enter 或双击可查看其用户";
    HoldAnother: "Ctrl-click another row to see what tells them apart", "按住 Ctrl 单击另一行即可比较差异";
    SwapHeld: "The other way round", "交换顺序";
    ReleaseHeld: "End the comparison", "结束比较";
    OtherTest: "Measured on different splits: their users are not the same", "二者在不同的划分上评估，用户并不相同";
    NoCommonUsers: "No user was measured under both", "没有同时在二者下评估过的用户";
    DifferenceBetter: "better", "更好";
    DifferenceWorse: "worse", "更差";
    DifferenceUnclear: "not told apart", "无法区分";
    DifferenceTip: "Paired over {} users; 95 % by a bootstrap of the differences", "对 {} 位用户配对；差值自助法 95 % 区间";
    Charts: "Charts", "图表";
    UsersOfRow: "Users", "用户列表";
    ChartByK: "{} by K", "{}随 K 的变化";
    ChartTradeOff: "Recall@{} against coverage", "召回率@{} 与覆盖率";
    ChartTradeOffPoint: "Recall@{} · coverage@{}", "召回率@{} · 覆盖率@{}";
    ChartOverlap: "Overlap of lanes", "通道重合度";
    OverlapWaits: "Computed as soon as the lanes stand", "通道就绪后自动计算";
    OverlapNeedsTwo: "Needs two lanes that are open", "需要至少两条已打开的通道";
    OverlapCell: "{} and {}: {} in common", "{} 与 {}：共同占比 {}";
    OverlapSample: "Share of the first {} in common, mean over {} of {} users", "前 {} 名的共同占比，{} 位用户抽样（共 {} 位）的平均";
    OverlapAll: "Share of the first {} in common, mean over {} users", "前 {} 名的共同占比，{} 位用户的平均";
    OpenUsersHint: "Enter or a double-click on a row opens its users", "在某行按 Enter 或双击可查看其用户";
    UsersOf: "Users of {}", "{} 的用户";
    UsersNoteItems: "all {} users; slices of items do not part them", "全部 {} 位用户；内容切片不区分用户";
    ActivityBand: "Activity", "活跃度";
    HitsAt: "Hits@20", "命中数@20";
    BestHits: "Best first", "最佳优先";
    WorstHits: "Worst first", "最差优先";
    NothingEvaluated: "No lane has been evaluated yet", "尚无已评估的通道";
    EvaluatedSoon: "Figures appear here as soon as a lane is trained and measured on what users took later",
        "通道训练完成并在用户后续行为上评估后，指标会显示在这里";
    EvaluateByTraining: "Train the lanes; each is then measured on what users took later", "训练通道后，会在用户的后续行为上进行评估";
    TrainLanes: "Train the lanes", "训练通道";
    JobEvaluation: "Evaluation", "评估计算";
    KeyCopy: "Copy the row of a table; with Shift the cell", "复制表格的整行；加 Shift 复制单元格";
}

/// The words in the language that is set.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words {
    pub language: Language,
}

impl Words {
    pub fn get(self, word: Word) -> &'static str {
        word.in_language(self.language)
    }

    /// `word` with its places filled in order.
    pub fn fill(self, word: Word, parts: &[&str]) -> String {
        let mut filled = String::new();
        let mut pieces = self.get(word).split("{}");
        filled.push_str(pieces.next().unwrap_or_default());
        for (place, piece) in pieces.enumerate() {
            filled.push_str(parts.get(place).copied().unwrap_or_default());
            filled.push_str(piece);
        }
        filled
    }

    /// The name of a behaviour or attribute that many communities share; as the data set writes it otherwise.
    pub fn common(self, name: &str) -> &str {
        let word = match name {
            "click" => Word::Click,
            "like" => Word::Like,
            "comment" => Word::Comment,
            "favorite" | "favourite" => Word::Favorite,
            "publish" => Word::Publish,
            "buy" | "purchase" => Word::Buy,
            "rating" => Word::Rating,
            "share" => Word::Share,
            "view" => Word::View_,
            "age" => Word::Age,
            "gender" | "sex" => Word::Gender,
            "region" => Word::Region,
            "occupation" => Word::Occupation,
            "F" | "f" | "female" | "Female" | "女" => Word::Woman,
            "M" | "m" | "male" | "Male" | "男" => Word::Man,
            _ => return name,
        };
        self.get(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_both_languages() {
        for &word in Word::ALL {
            let (english, chinese) = (word.in_language(Language::English), word.in_language(Language::Chinese));
            assert!(!english.is_empty() && !chinese.is_empty(), "{word:?}");
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{word:?}");
            assert!(english.chars().all(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)), "{word:?}");
            let same = [Word::AppName, Word::RecallAt, Word::FilterValue, Word::PerSecond];
            if !same.contains(&word) {
                assert!(chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{word:?} is not translated");
            }
            assert!(!english.ends_with(':'), "{word:?}: no colon after a label");
        }
    }

    #[test]
    fn places_are_filled_in_order() {
        let words = Words { language: Language::English };
        assert_eq!(words.fill(Word::HitsOf, &["3", "7"]), "3 of 7 taken later");
        assert_eq!(words.common("M"), "man");
        assert_eq!(words.common("hiking"), "hiking");
    }
}
