//! All words on the screen, in English and Chinese.

mod settings;

use super::metrics::metric_named;
use crate::dataset::{Language, read::FaultKind};

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
    ThreadsTip: "What the form of a new run begins with, from the next opening of a data set on. item2vec gives the same vectors each time with one thread only; graph networks with any number", "从下次打开数据集起作为新运行的默认线程数。item2vec 仅在单线程时每次得到相同向量；图网络不受线程数影响";
    ThreadsAll: "One per core ({})", "每核一个（{}）";
    Device: "Device", "设备";
    DeviceCpu: "Processor ({} cores)", "处理器（{} 核）";
    DeviceGpuNote: "Graph networks can train on a GPU; its first gradients are compared with the processor's. The window is drawn through Vulkan, Metal or DirectX.", "图网络可在 GPU 上训练，其首批梯度会与处理器的结果比对。窗口通过 Vulkan、Metal 或 DirectX 绘制。";
    DeviceNote: "This build trains on the processor; the window is drawn through Vulkan, Metal or DirectX.", "该版本的通道在处理器上训练；窗口通过 Vulkan、Metal 或 DirectX 绘制。";
    Defaults: "Defaults", "恢复默认";
    // The case book
    CaseBook: "Case book", "案例册";
    CaseBookHelp: "Saved questions, each with everything that was on the screen. Double-click or Enter opens one and brings its layout, users, lanes, split and selection back. Drag a case, or press Alt + ↑ ↓, to move it; Delete throws it away, and undo brings it back. Present shows case by case on the full screen: arrows lead on, L is a pointer, Esc leaves.",
        "保存的问题及当时屏幕上的全部内容。双击或按 Enter 打开案例，恢复其布局、用户、通道、划分和选择。拖动或按 Alt + ↑ ↓ 调整顺序；按 Delete 删除，撤销即可恢复。演示会全屏逐个展示案例：方向键切换，L 为指示点，Esc 退出。";
    ShowBook: "Show the case book", "显示案例册";
    ArrangeBook: "Layout: case book", "布局：案例册";
    ArrangeBookTip: "Cases in front, with the case study", "案例册置于最前，附案例研究";
    ArrangeLab: "Layout: laboratory", "布局：实验室";
    ArrangeLabTip: "The laboratory in front, with evaluation and training", "实验室置于最前，附评估与训练";
    SaveCase: "Save as a case…", "保存为案例…";
    SaveCaseTip: "Keep what is on the screen, with title, tags and notes", "保存当前屏幕内容，附标题、标签和备注";
    PresentCases: "Present", "演示";
    PresentTip: "Show case by case on the full screen", "全屏逐个展示案例";
    CaseTitle: "Title", "标题";
    CaseTitleName: "Title of the case", "案例标题";
    CaseTags: "Tags", "标签";
    CaseTagsName: "Tags of the case", "案例标签";
    CaseTagsHint: "Separated by commas", "用逗号分隔";
    CaseNotes: "Notes", "备注";
    CaseNotesName: "Notes on the case", "案例备注";
    CaseNotesHint: "What is to be seen here, and what follows from it", "这里能看到什么，说明了什么";
    CaseKept: "Kept in the case book: {}", "已保存到案例册：{}";
    CaseOpen: "Open", "打开";
    CaseOpenTip: "Bring its layout, users, lanes, split and selection back", "恢复其布局、用户、通道、划分和选择";
    CaseUpdate: "Put in what is on the screen now", "更新为当前屏幕内容";
    CaseDuplicate: "Duplicate", "复制案例";
    CaseCopyOf: "{} (copy)", "{}（副本）";
    CaseDelete: "Delete", "删除";
    CaseDeleteTip: "Undo brings it back", "可用撤销恢复";
    CaseUp: "Move up", "上移";
    CaseDown: "Move down", "下移";
    CaseSearch: "Search cases", "搜索案例";
    CaseOrder: "Order", "排序方式";
    CaseOrderOwn: "As arranged", "自定义顺序";
    CaseOrderTitle: "By title", "按标题";
    CaseOrderNewest: "Newest first", "最新在前";
    CaseOrderChanged: "Changed last first", "最近修改在前";
    NoCases: "No case has been saved yet", "还没有保存任何案例";
    NoCasesHint: "Put something worth telling on the screen, and save it", "把值得讲述的内容放到屏幕上并保存";
    NoCaseFound: "No case has “{}”", "没有案例包含“{}”";
    NoCaseChosen: "Choose a case to see what it keeps", "选择一个案例查看其内容";
    CaseNamed: "Case: {}", "案例：{}";
    CaseSubject: "User {}", "用户 {}";
    CaseWithout: "Untitled case", "未命名案例";
    CaseDates: "made {}, changed {}", "创建于 {}，修改于 {}";
    CaseLostData: "Its data set is gone: {}", "数据集已不存在：{}";
    CaseOtherData: "The data set has changed since", "数据集此后已更改";
    CaseLostRuns: "Runs are gone: {}", "训练运行已不存在：{}";
    CaseKeptShown: "What it showed is kept here", "当时显示的内容保存如下";
    CaseShowed: "What it showed", "当时显示的内容";
    CaseNothingShown: "No users were in its case study", "其案例研究中没有用户";
    CaseNoUser: "No user", "无用户";
    CaseRowEmpty: "was not ready", "当时尚未就绪";
    CaseTaken: "Taken", "已互动";
    CaseClicked: "Clicked", "模拟点击";
    CaseStruck: "Taken out", "已排除";
    CaseAs: "{} as {}", "{} 设为 {}";
    CaseSelected: "Selected", "所选";
    CaseAllTags: "All", "全部标签";
    PresentNext: "Next case", "下一个案例";
    PresentPrevious: "Case before", "上一个案例";
    PresentPointer: "Pointer", "指示点";
    PresentLeave: "Leave the presentation", "退出演示";
    PresentKeys: "← → cases · L pointer · Esc leave", "← → 切换案例 · L 指示点 · Esc 退出";
    // Views
    Training: "Training", "训练";
    TrainingHelp: "Start, follow, cancel and compare runs. Each run keeps its data, settings, seed and version.", "启动、跟踪、取消和比较训练。每次训练都记录数据、设置、随机种子和版本。";
    Evaluation: "Evaluation", "评估";
    EvaluationHelp: "Lanes and runs by metric and slice, with 95 % intervals. Click a heading to sort. Click a row to hold it, Ctrl-click another to see the paired difference. Enter or a double-click opens the users of a row; a click on a user puts him into the case study. In tables the arrows move, Ctrl + C copies the row and Ctrl + Shift + C the cell; the right button exports CSV or Parquet.",
        "按指标和人群切片比较通道与训练，附 95 % 置信区间。单击表头可排序。单击选中一行，按住 Ctrl 再单击另一行可查看配对差异。按 Enter 或双击可查看该行的用户，单击用户即可放入案例对比。表格中可用方向键移动，Ctrl + C 复制整行，Ctrl + Shift + C 复制单元格，右键可导出 CSV 或 Parquet。";
    Data: "Data", "数据";
    DataHelp: "What was read, what was set aside and why, and how the log is split. Click a table or remark to see examples by file and line. Drag the two lines of the time line to move the split and the window, or use the arrow keys while one has the focus; lanes are made again when you let go. Click a tag to select it everywhere, a branch to unfold it.",
        "读取了什么、搁置了什么及原因，以及日志如何划分。点击数据表或备注可按文件和行号查看示例。拖动时间线上的两条竖线可移动划分点和窗口，选中后也可用方向键；松开后将重新生成通道。点击标签可在所有视图中选中，点击分支可展开。";
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
    DropHere: "Drop a data set's folder to open it, or a picture to look at it", "松开即可打开数据集文件夹，或查看图片";
    PathHint: "Folder of a data set, or a picture", "数据集文件夹，或图片";
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
    PictureTitle: "Look at a picture", "查看图片";
    PictureHint: "File of a picture", "图片文件";
    DialogFailed: "No file dialog on this system; type the path instead", "系统没有文件对话框，请直接输入路径";
    // The data panel
    DataSet: "Data set", "数据集";
    Users: "Users", "用户";
    Items: "Items", "内容";
    Events: "Events", "行为";
    Covers: "Covers", "封面";
    Lab: "Lab", "实验室";
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
    EpochsPlain: "epochs", "轮次";
    SeriesLoss: "Loss", "损失";
    SeriesLossTip: "What training lowers", "训练所降低的目标";
    SeriesValidation: "Validation", "验证";
    SeriesValidationTip: "NDCG@100 of users whose last interactions were held out of training", "训练中留出最后互动的用户的 NDCG@100";
    SeriesGradient: "Gradient", "梯度";
    SeriesGradientTip: "Length of all gradients together, mean over the steps of an epoch", "全部梯度的长度，按每轮各步平均";
    SeriesSpeed: "Steps/s", "步/秒";
    SeriesSpeedTip: "Steps a second, drawing of batches included", "每秒步数，含取样时间";
    NotTrained: "train", "训练";
    GraphsageAbout: "Near the user's vector, made of his and his neighbours' features", "与用户向量相近（由自身与邻居的特征得出）";
    GatAbout: "Near the user's vector, made with attention on his neighbours", "与用户向量相近（以注意力汇总邻居）";
    GaanAbout: "Near the user's vector, made with gated attention on his neighbours", "与用户向量相近（以门控注意力汇总邻居）";
    EaseAbout: "What best follows from the user's items, in closed form", "由用户看过的内容线性推出（闭式解）";
    Rp3betaAbout: "Where walks from the user lead, popular items damped", "从用户出发随机游走所达，热门内容降权";
    FusedAbout: "Content told by cover, tags, circle, topics and title, taken after the user's recent items", "综合封面、标签、圈子、话题与标题，接续用户近期内容";
    WhoGetsWhat: "Who gets what", "曝光分布";
    ExposureNeedsRun: "Open a run of this split to see what its lists show", "请打开一个基于当前划分的运行，以查看其列表的曝光";
    ExposureComing: "Counting what the lists show…", "正在统计列表曝光…";
    ExposureBands: "Shares of the first {} places by item band", "前 {} 个位置按内容热度分层的占比";
    Lorenz: "Places over items (Lorenz curve)", "位置在内容间的分布（洛伦兹曲线）";
    LorenzPoint: "Items · places", "内容 · 位置";
    Hubs: "Hubs", "枢纽内容";
    Skewness: "Skewness", "偏度";
    HubsOf: "In too many lists of {}: {} or more of {}", "在 {} 的过多列表中出现：{} 个及以上，共 {} 个";
    NoHubs: "No item is in very many lists", "没有内容出现在过多列表中";
    HubTold: "{}: in {} lists ({} %), taken {} times in training, {} times its share", "{}：出现在 {} 个列表（{} %），训练部分互动 {} 次，为其应得份额的 {} 倍";
    Mixer: "Mix lanes…", "混合召回…";
    MixerTip: "Merge several runs into one list, and look at it while you change their shares", "把多个运行合并为一个列表，边调比例边看结果";
    MixTitle: "Mix of lanes", "混合召回";
    MixDraft: "mix (not saved)", "混合（未保存）";
    Mixes: "Mixes", "混合";
    NoMixes: "None yet: merge lanes by quota or by weight", "暂无：可按配额或权重合并多路召回";
    MixByQuota: "Quota", "配额";
    MixByQuotaTip: "Each run fills its share of the places, interleaved", "每个运行按比例交错占据位置";
    MixByWeight: "Weight", "权重";
    MixByWeightTip: "By share times score, each run's scores brought to 0 to 1", "按比例乘以得分排序，各运行得分先归一到 0 到 1";
    MixByRank: "Rank", "名次";
    MixByRankTip: "By share over (60 + rank): reciprocal rank fusion", "按比例除以（60 + 名次）排序：倒数名次融合";
    MixShareOf: "Share of {}", "{} 的比例";
    MixTooFew: "A mix needs two runs of this split that are ready. Train another lane first.", "混合至少需要两个基于当前划分且已就绪的运行。请先训练另一路召回。";
    MixTooFewChosen: "Tick at least two runs", "请至少勾选两个运行";
    MixPartGone: "The run {} is gone or of another split", "运行 {} 已不存在或属于其他划分";
    MixTakeOut: "Take out", "移出";
    MixName: "Name of the mix", "混合的名称";
    MixNeedsName: "Give it a name to save it", "命名后即可保存";
    MixSave: "Save mix", "保存混合";
    MixEqual: "Equal shares", "平均分配";
    MixTune: "Choose on validation", "按验证集选择";
    MixTuneTip: "Trains the runs again on a part of the training part, and takes the shares and the way of merging with the best NDCG@20 on the rest of it. What is tested has no say", "用训练部分的一部分重新训练各运行，取在其余部分 NDCG@20 最高的比例与合并方式。测试部分不参与选择";
    MixTuned: "NDCG@20 on validation {}, the best run alone {} ({} users)", "验证集 NDCG@20 为 {}，最佳单个运行为 {}（{} 位用户）";
    MixEdit: "Mix anew from this…", "以此为基础重新混合…";
    MixPreview: "The case study shows it while you move a share", "调整比例时，案例视图会同步显示";
    WhyMix: "{} at rank {} ({} %)", "{} 第 {} 名（{} %）";
    ExportCandidates: "Candidates for a ranking model…", "导出排序模型候选集…";
    ExportCandidatesTip: "What the run recalls for every user, with lanes, ranks, scores and features; nothing from the test part", "该运行为每位用户召回的内容，含来源、名次、得分与特征；不含测试部分的信息";
    CandidatesParquet: "Candidates as Parquet…", "候选集导出为 Parquet…";
    CandidatesCsv: "Candidates as CSV…", "候选集导出为 CSV…";
    CandidatesNeedRun: "Select a run that is ready: its candidates are written", "请先选择一个已就绪的运行，再导出其候选集";
    MixAbout: "Several lanes merged into one list", "多路召回合并为一个列表";
    CoverAbout: "Covers that look like those of the user's recent items", "封面与用户近期内容的封面相像";
    DeepwalkAbout: "Near the user in random walks between users and items", "在用户与内容之间随机游走时与用户邻近";
    Node2vecAbout: "Near the user in walks that look back at where they came from", "在会回看来路的游走中与用户邻近";
    Metapath2vecAbout: "Near the user in walks along chosen types of nodes", "沿选定节点类型游走时与用户邻近";
    UserClusterAbout: "What people of the same attributes and activity take", "属性与活跃度相同的人所取的内容";
    WrongMetapaths: "paths such as u-i-u, u-i-i-u: types with an item next to each, ending where they begin", "形如 u-i-u, u-i-i-u 的路径：每步一端为内容，首尾相同";
    WrongPath: "the path of a file", "一个文件的路径";
    RecallAt: "Recall@20", "Recall@20";
    RecallAtTip: "Share of what users took later that stands among the first 20: the mean over the {} of {} users who took something new to them after the split. For the others there is nothing to measure",
        "用户之后所取内容出现在前 20 名中的比例：划分之后取用过新内容的 {} 位用户（共 {} 位）的平均。其余用户没有可评估的内容";
    HitsOf: "{} of {} taken later", "命中 {} / {}";
    NoLater: "nothing taken later", "之后无行为";
    HitsTip: "Among the first {}, of {} items new to the user that he took later", "前 {} 名中，命中用户之后取用的 {} 个未曾取用的内容的数量";
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
    CaseHelp: "Click a cover or a user to select it everywhere; Ctrl-click holds several. Rest on a cover, or press Space, to see why it was recalled. Double-click or Enter opens it large; there the arrow keys walk on. C takes the cover as clicked by the user, X one of the history as not taken, and the lanes that can follow recall again. Arrow keys walk through covers, columns and rows. Drag a column by its handle; its menu pins it, moves it, and compares lanes or runs. Ctrl + wheel or the slider changes the size of covers.",
        "点击封面或用户即可在所有视图中选中；按住 Ctrl 可多选。悬停在封面上或按空格键可查看召回原因。双击或按 Enter 打开大图，再用方向键逐个查看。按 C 视为用户点击了该封面，按 X 则假设未曾取用历史中的某个内容，能跟随的通道会立即重新召回。方向键可在封面、各列和各行间移动。拖动列的手柄可调整位置；列菜单可固定、移动并比较通道或训练。Ctrl + 滚轮或滑块可调整封面大小。";
    // The case study: columns, rows, live clicks and the large cover
    Pin: "Pin", "固定";
    Unpin: "Unpin", "取消固定";
    MoveLeft: "Move left", "左移";
    MoveRight: "Move right", "右移";
    DragColumn: "Move the column", "移动该列";
    DragColumnTip: "Drag to another place", "拖动到其他位置";
    ColumnMenu: "More for this column", "该列的更多操作";
    SameUserAgain: "Same user again", "再放一列同一用户";
    CompareLanes: "Compare lanes", "比较通道";
    CompareLanesTip: "One user, a column for each lane", "同一用户，每条通道一列";
    CompareRuns: "Compare runs", "比较训练";
    CompareRunsTip: "One user, a column for each run of a lane", "同一用户，同一通道的每次训练一列";
    RunsOf: "{} ({} runs)", "{}（{} 次训练）";
    OneRunOnly: "There is one run of {} only; train another to compare", "{} 只有一次训练；请再训练一次以便比较";
    RunUnknown: "this run is no longer kept", "该次训练已不再保留";
    LanesAndRuns: "Lanes and runs", "通道与训练";
    LanesAndRunsTip: "Which rows all columns show", "所有列显示哪些行";
    RowsOfItsOwn: "Rows of its own", "该列单独设置";
    SameRowsEverywhere: "Same rows in all columns", "所有列使用相同的行";
    SameRowsEverywhereTip: "Columns give up their own rows", "各列放弃单独设置的行";
    OnlyThisRow: "Show this row only", "只显示该行";
    RemoveRow: "Remove this row", "移除该行";
    SurpriseFilterAll: "Whom to draw for all columns", "为所有列抽取谁";
    ShapeGrid: "Grid", "网格";
    ShapeList: "List", "列表";
    ShapeStrip: "Strip", "单行";
    CoversShown: "Covers shown", "显示数量";
    CoversShownTip: "How many covers of each lane", "每条通道显示多少封面";
    LogOrderNote: "in the order of the log, last first", "按日志顺序，最后的在前";
    NewToUser: "{} new to the user", "其中 {} 个未曾取用";
    NoNewLater: "none of what was taken later is new to the user", "之后所取均曾取用过";
    HeldOutCovers: "Held out", "留出部分";
    MarkHeldOut: "held out", "属于留出部分";
    HitsOfHeldOut: "{} of {} held out", "命中留出的 {} / {}";
    HitsTipHeldOut: "Among the first {}, of {} items new to the user that were held out", "前 {} 名中，命中为该用户留出的 {} 个未曾取用的内容的数量";
    NoHeldOut: "nothing held out", "无留出内容";
    NoNewHeldOut: "none of what was held out is new to the user", "留出的内容均曾取用过";
    HeldOutLong: "Held out of the user's log", "为该用户留出的内容";
    ClickAsUser: "Take as clicked by the user", "视为用户点击";
    ClickedNow: "Clicked just now", "刚刚点击";
    TakeBack: "Take back {}", "撤回 {}";
    TakeAllBack: "Take all clicks back", "撤回所有点击";
    CameAndWent: "{} came, {} went", "新增 {} 个，移出 {} 个";
    DoesNotFollow: "does not follow clicks", "不随点击变化";
    NothingCame: "nothing came or went", "没有变化";
    GoneCovers: "Gone ({})", "已移出（{}）";
    CoverGone: "Gone: {}, rank {} before", "已移出：{}，原第 {} 名";
    MarkCome: "came with the clicks", "因点击而新增";
    ComeLong: "Came with the clicks", "因刚才的点击而新增";
    OpenLarge: "Open large", "打开大图";
    PreviousCover: "Previous cover", "上一张封面";
    NextCover: "Next cover", "下一张封面";
    PlaceOf: "{} of {}", "第 {} / {} 个";
    NoCover: "No picture", "没有图片";
    CopyTitle: "Copy title", "复制标题";
    CopyLine: "Copy row", "复制该行";
    CopyTable: "Copy as table", "复制为表格";
    Title: "Title", "标题";
    CardKeys: "Enter: large · C: take as clicked", "Enter：大图 · C：视为点击";
    CardKeysTaken: "Enter: large", "Enter：大图";
    // Inspector
    NothingSelectedHint: "Click a cover, a user, a tag or a lane to see more of it here",
        "点击封面、用户、标签或通道，在此查看详情";
    LanesCompared: "Lanes compared", "通道对比";
    NobodyMeasured: "Nobody to measure: no user took anything new to him after the split",
        "无可评估的用户：划分之后没有用户取用未曾取用的内容";
    OverUsers: "Over {} users with a later part; whiskers are 95 % intervals", "{} 位有后续行为的用户；须线为 95\u{a0}% 区间";
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
    PeakMemory: "Program memory", "程序内存";
    RunId: "Run", "运行";
    Interactions: "Interactions", "互动";
    ItemsWithTag: "Items with this tag", "含该标签的内容";
    LevelAbove: "Under", "上级";
    // Jobs
    Jobs: "Background work", "后台任务";
    AllDone: "All work is done", "所有任务已完成";
    Running: "{} running", "{} 个进行中";
    RunningQueued: "{} running, {} queued", "{} 个进行中，{} 个排队";
    TimeLeft: "{} left", "剩余 {}";
    CancelJob: "Cancel {}", "取消 {}";
    JobQueued: "Queued", "排队中";
    JobLoad: "Open {}", "打开 {}";
    JobPrepare: "Split of {}", "划分 {}";
    JobGraphs: "Graphs of {}", "{} 的图";
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
    // What if, and why: other histories and attributes in the case study, neighbours that carried an item
    WhatIf: "What if…", "如果……";
    WhatIfTip: "Take the user to be somebody else, or strike what was taken: lanes that can follow recall again", "假设用户的属性不同，或去掉其取用过的内容；能跟随的通道会重新召回";
    AsIf: "As if", "假设";
    AsIfReset: "Back to what the log says", "恢复为日志中的样子";
    AsIfValue: "{}: {} instead of {}", "{}：{}（原为 {}）";
    AsIfNothing: "none", "无";
    AsIfNot: "not taken: {}", "未曾取用：{}";
    AsIfField: "Take {} to be", "假设{}为";
    AsIfOwn: "As it is ({})", "保持原样（{}）";
    AsIfTakeBack: "Undo for {}", "撤销对{}的假设";
    Strike: "As if the user had not taken {}", "假设用户未曾取用 {}";
    PutBack: "Taken after all: {}", "恢复为已取用：{}";
    StrikeEntry: "As if not taken", "假设未曾取用";
    PutBackEntry: "Taken after all", "恢复为已取用";
    MarkStruck: "as if not taken", "假设未曾取用";
    MarkComeAsIf: "came with the changes", "因所作假设而新增";
    ComeAsIfLong: "Came with what was changed", "因所作假设而新增";
    DoesNotFollowAsIf: "does not follow these changes", "不随这些假设变化";
    CardKeysRecent: "Enter: large · X: as if not taken", "Enter：大图 · X：假设未曾取用";
    WhyFall: "how far the score falls without it", "去掉它后得分下降多少";
    WhyFallAttention: "how far the score falls without it, and the attention on it", "去掉它后得分下降多少，以及对它的注意力";
    WhyPart: "{}: {} %", "{}：{} %";
    WhyPartFall: "without it the score falls by {}", "去掉后得分下降 {}";
    WhyPartAttention: "attention {}", "注意力 {}";
    WhyComing: "Striking each neighbour in turn…", "正在逐个去掉邻居……";
    WhyLift: "Raised by {}, for nobody has taken it yet", "尚无人取用，得分提高 {}";
    WhyNobody: "No item of this user raises its score", "该用户取用过的内容都没有提高它的得分";
    ClusterTitle: "Clusters of the user", "用户所属类群";
    ClusterAll: "everybody", "所有人";
    ClusterWhole: "all of these at once", "以上全部相同的人";
    ClusterActivity: "{}–{} interactions", "{}–{} 次互动";
    ClusterActivityFrom: "{} interactions or more", "{} 次互动及以上";
    ClusterPart: "{}, {} users: {} % of the score", "{}，{} 位用户：占得分的 {} %";
    LikedTitle: "They take more than others", "他们比别人更爱取的内容";
    MeetTitle: "The user and it meet in", "用户与它在此相遇";
    MeetTip: "{}: weight {} in the user's history, similarity {}", "{}：在用户历史中的权重 {}，相似度 {}";
    // The map
    Map: "Map", "地图";
    MapHelp: "The vectors of a run in the plane: what lies together is alike to that run. Drag moves the map, the wheel zooms, and where few points are in sight items show their covers. A click selects a point everywhere, Shift and drag (or the lasso) all inside a line. The row below and the thin lines are the nearest by the vectors themselves, not by the map; the line above says how many of the nearest the map keeps. With the keys: arrows walk from point to point, Space selects, + and − zoom, Home shows all.",
        "将一次运行的向量画在平面上：相互靠近的点在该运行看来相似。拖动平移，滚轮缩放；视野中点较少时显示封面。单击可在所有视图中选中一个点，按住 Shift 拖动（或使用套索）可选中圈内全部。下方一行和细线是按向量本身（而非地图）最近的邻居；上方文字说明地图保留了多少最近邻。键盘：方向键逐点移动，空格选中，+ 和 − 缩放，Home 显示全部。";
    ShowMap: "Show the map", "显示地图";
    ArrangeMap: "Layout: map", "布局：地图";
    ArrangeMapTip: "The map in front", "地图置于最前";
    MapOf: "Map of {}", "{} 的地图";
    MapItems: "{} items", "{} 个内容";
    MapUsers: "{} users", "{} 位用户";
    MapUsersTip: "Users too, by the vectors that ask for them", "同时显示用户（以其查询向量）";
    MapWithout: "{} have no vector", "{} 个没有向量";
    MapKeeps: "keeps {} of the {} nearest", "保留 {} 的最近邻（前 {} 个）";
    MapKeepsHere: "{} around the selection", "所选附近为 {}";
    MapKeepsTip: "How many of the nearest neighbours by the vectors are nearest on the map too; of the whole map by a sample of 200 points", "按向量的最近邻中有多少在地图上也是最近邻；整幅地图按 200 个点的样本估计";
    MapBeside: "Two runs side by side", "并排显示两次运行";
    MethodPca: "PCA", "PCA 主成分";
    MethodPcaTip: "The two directions in which the vectors differ most; at once", "向量差异最大的两个方向；立即完成";
    MethodTsne: "t-SNE", "t-SNE 邻域布局";
    MethodTsneTip: "Arranged so that neighbours lie together; distances between groups tell little. It begins from PCA and goes on in the background", "让邻居靠在一起；群组之间的距离意义不大。从 PCA 开始，在后台逐步完成";
    TsneEpoch: "epoch {} of {}", "第 {}/{} 轮";
    TsneNeighbours: "finding neighbours", "正在寻找邻居";
    StopArranging: "Leave the points where they are", "让各点停在当前位置";
    NotArranged: "t-SNE could not arrange these points", "t-SNE 无法布局这些点";
    TooManyToArrange: "more than {} points are not arranged by t-SNE: PCA is shown", "超过 {} 个点不做 t-SNE，显示 PCA";
    ColouredBy: "Coloured by", "着色";
    ColourLevel1: "level 1", "一级标签";
    ColourLevel2: "level 2", "二级标签";
    ColourTag: "tag", "叶标签";
    ColourBand: "popularity", "热度";
    ColourLane: "lane", "通道";
    ColourCluster: "cluster", "聚类";
    ClusterNamed: "cluster {}", "聚类 {}";
    OtherTags: "other tags", "其他标签";
    NoLaneHasIt: "not recalled for this user", "未为该用户召回";
    Lasso: "Lasso", "套索";
    LassoTip: "Dragging draws a line around what is selected; Shift does so at any time", "拖动圈选；任何时候按住 Shift 拖动也可圈选";
    LassoCapped: "the first {} of {} inside are selected", "仅选中前 {} 个（圈内共 {} 个）";
    Differences: "Most different", "差异最大";
    DifferencesTip: "Walk through the items whose nearest differ most between the two runs", "逐个查看两次运行中最近邻差异最大的内容";
    Comparing: "Comparing the nearest of each item…", "正在比较每个内容的最近邻……";
    CoversHelp: "What a cover model reads off covers. One cover: its tags with how sure the model is, those that it has marked, and, over the picture, where the chosen tag is seen; below, what looks alike to the models of leaf tags, level 2 and level 1, each cover with how often it was taken, and who would probably take it. Drop or paste any picture to look at it. The whole model: how often each tag is read right, and the covers behind each cell. Wrong labels: covers that are probably labelled wrong. Looks vs behaviour: items that look like one thing and are taken like another. A click selects an item everywhere, a double click looks at it.", "封面模型从封面读出的内容。单张封面：按置信度列出标签并标出已有标签，图上显示所选标签的位置；下方是叶子、二级、一级标签模型眼中的相似封面（附互动次数），以及可能喜欢它的用户。可拖入或粘贴任意图片。整个模型：各标签识别的准确程度，以及每个单元格背后的封面。可能标错：标签可能有误的封面。外观与行为：看起来相似与行为上相似不一致的内容。单击在各处选中，双击查看。";
    ShowCovers: "Show the covers", "显示封面";
    ShowLab: "Show the lab", "显示实验室";
    LabHelp: "Arms are tried on the users of a made-up community: they visit after the reference time and are shown what the runs of an arm recall, merged by quota. Their tastes are asked for clicks and for the end of a visit; training and serving never see them. Every visitor meets every arm in the same visits and with the same luck, so differences are paired by visitor. Choose the runs of each arm, then start. Dashed lines are intervals: of values for as many visitors as came (95 %), of differences such that they hold at every moment at once.", "在模拟社区的用户身上试验各组：用户在参考时间之后来访，看到的是该组各次运行按配额合并的召回结果。用户的真实喜好只用于决定点击和何时离开，训练与服务都看不到。每位访客在相同的访问、相同的随机数下面对每一组，因此差异按访客配对。先为各组选择运行，再开始。虚线为区间：数值的区间针对已到来的访客（95 %），差异的区间在任何时刻都同时成立。";
    LabEmpty: "Try arms on made-up visitors", "在模拟访客身上试验各组";
    LabNotMadeUp: "Nobody knows what the users of this data set would click. The lab needs a community made by “recallscope simulate”, as the sample is.", "没有人知道这个数据集的用户会点击什么。实验室需要由 “recallscope simulate” 生成的社区，例如示例数据。";
    LabNoTime: "Visits begin at the reference time, and this split has none. Choose the split by time.", "访问从参考时间开始，而当前划分没有参考时间。请选择按时间划分。";
    LabNoRuns: "No run of this split stands yet. Train lanes first.", "当前划分还没有可用的运行。请先训练召回路。";
    LabArm: "Arm {}", "第 {} 组";
    LabArmTitle: "Arm", "组";
    LabChoose: "Choose runs…", "选择运行…";
    LabChooseFor: "Choose runs for arm {}", "为第 {} 组选择运行";
    LabRemoveArm: "Remove arm {}", "移除第 {} 组";
    LabAddArm: "Add an arm", "添加一组";
    LabEmptyArm: "no run chosen", "未选择运行";
    LabStart: "Start the A/B", "开始 A/B";
    LabStop: "Stop", "停止";
    LabNeedsArms: "Two arms with a run each are needed", "至少需要两组，每组至少一次运行";
    LabUntilClear: "Stop when clear", "明确后停止";
    LabUntilClearTip: "Stop as soon as the click rate of every arm is clearly above or below the first one's; called clear in error at most once in twenty experiments, however often one looks", "一旦每组的点击率都明确高于或低于第一组就停止；无论看多少次，误报至多二十次实验一次";
    LabSeed: "Seed", "种子";
    LabCame: "{} of {} visitors, {} visits; {} of the visitors are new", "{} / {} 位访客，{} 次访问；其中 {} 位为新用户";
    LabStopped: "Stopped, for every difference is clear", "已停止：每个差异都已明确";
    LabNote: "Intervals of 95 % over visitors, paired for differences; what is called clear holds whenever one looks.", "区间为按访客的 95 %，差异为配对区间；“明确”的结论在任何时刻查看都成立。";
    LabCtr: "Click rate", "点击率";
    LabDepth: "Exposure depth", "曝光深度";
    LabCtrLess: "Click rate less arm 1", "点击率减第 1 组";
    LabDepthLess: "Depth less arm 1", "曝光深度减第 1 组";
    LabClearAfter: "clear after {} visits", "{} 次访问后明确";
    LabVisitsNeeded: "not clear; about {} visits needed", "尚不明确；约需 {} 次访问";
    LabUnclear: "not clear", "尚不明确";
    LabVisits: "visits", "访问次数";
    StageCommunity: "Drawing the community again", "重新生成社区";
    StageVisiting: "Visitors come", "访客来访";
    UnitVisitors: "visitors", "位访客";
    LabNoDifference: "no difference", "无差异";
    ArrangeCovers: "Layout: covers", "布局：封面";
    ArrangeCoversTip: "The covers in front", "封面置于最前";
    PickPicture: "Look at a picture…", "查看图片…";
    AnyPicture: "Any picture…", "任意图片…";
    PickPictureTip: "Any JPEG, PNG or WebP: its tags, what looks alike, and who would take it. Dropping or pasting one does the same", "任意 JPEG、PNG 或 WebP 图片：其标签、相似封面及可能喜欢它的用户。拖入或粘贴亦可";
    NoCoverModel: "No cover model", "没有封面模型";
    NoCoverModelWhy: "A cover model learns to read tags off covers, and finds items by their looks that nobody has taken yet. It takes minutes to train and then stays in the workspace.", "封面模型学习从封面识别标签，并凭外观找到尚无互动的内容。训练需数分钟，之后保存在工作区中。";
    TrainCoverOn: "Train a cover model on {}", "用{}训练封面模型";
    LevelLeaf: "leaf tags", "叶子标签";
    Level2: "level 2", "二级标签";
    Level1: "level 1", "一级标签";
    CoversOne: "One cover", "单张封面";
    CoversOneTip: "One cover or any picture: its tags, what looks alike, and who would take it", "一张封面或任意图片：标签、相似封面及可能喜欢它的用户";
    CoversModel: "Whole model", "整个模型";
    CoversModelTip: "How often each tag is read right, and what is taken for what", "各标签识别的准确程度及混淆情况";
    CoversLabels: "Wrong labels", "可能标错";
    CoversLabelsTip: "Covers that the model surely takes for something else than their tag", "模型确信与其标签不符的封面";
    CoversDisagreement: "Looks vs behaviour", "外观与行为";
    CoversDisagreementTip: "Items whose neighbours by looks and by behaviour differ most", "外观近邻与行为近邻差异最大的内容";
    Heat: "Heat", "热力图";
    HeatTip: "Where on the picture the chosen tag is seen (Grad-CAM)", "所选标签在图上的位置（Grad-CAM）";
    Opacity: "Strength of the heat", "热力图强度";
    BackToItem: "Back to the item", "返回内容";
    CountSeen: "Also covers that it learnt from", "包含训练过的封面";
    CountSeenTip: "Else only covers that training never saw", "否则仅统计训练未见过的封面";
    CoverSays: "taken {} × in training · {}", "训练期被互动 {} 次 · {}";
    HeldOut: "held out", "未参与训练";
    LearntFrom: "learnt from", "参与训练";
    PictureAbout: "a picture of yours, of no item", "您的图片，不属于任何内容";
    TagsRead: "Read off the picture; a click shows where", "从图中读出；单击显示位置";
    ItsTag: "its tag", "已有标签";
    ItsTagTip: "The item has this tag; a click shows where it is seen", "该内容已有此标签；单击显示其位置";
    ShowWhere: "A click shows where it is seen", "单击显示其位置";
    NearestBy: "Looks alike by {}", "按{}看相似";
    NearestAbout: "{} of the nearest {} are rarely or never taken; below each cover how often it was", "最近的 {} / {} 个很少或从未被互动；封面下为互动次数";
    NoModelOfLevel: "no model of this level is open", "没有打开该层级的模型";
    CosineOf: "cosine {}", "余弦 {}";
    Takers: "Who would probably take it", "可能喜欢它的用户";
    TakersAbout: "users whose recent covers are nearest, with those of their items that look most like it", "近期封面与其最接近的用户，及其最相似的内容";
    NoTakers: "Nobody has recent items with covers", "没有用户近期互动过带封面的内容";
    TakerTip: "A double click puts the user in a column", "双击将该用户放入一列";
    ModelAbout: "{} covers {} · {} · right {} · among the first five {} · macro F1 {}", "{} 张封面（{}）· {} · 正确率 {} · 前五命中 {} · 宏平均 F1 {}";
    LeftOut: "left out: {} without a cover, {} whose cover cannot be read", "未计入：{} 个没有封面，{} 个封面无法读取";
    TooManyTags: "{} tags are too many for a matrix; the table has them all", "{} 个标签，无法绘成矩阵；表格列出全部";
    AllCovers: "in all", "全部";
    UnseenCovers: "that training never saw", "训练未见";
    NothingHeldOut: "No labelled cover was held out", "没有留出带标签的封面";
    TagTable: "Tags", "标签";
    CoversCount: "Covers", "封面数";
    TagRecall: "Found", "召回";
    TagPrecision: "Right", "精确";
    TagRead: "Read", "判为";
    Confusion: "What is taken for what", "混淆矩阵";
    ConfusionAxes: "tag ↓  read →", "标签 ↓  判为 →";
    CellSays: "{} read as {}: {} of {} ({} %)", "{} 判为 {}：{} / {}（{} %）";
    OpenACell: "Click a cell or a tag to see the covers behind it", "单击单元格或标签，查看其背后的封面";
    CellTitle: "{} read as {}", "{} 判为 {}";
    CellAbout: "{} covers", "{} 张封面";
    Suspects: "Likely wrong labels", "可能标错的封面";
    SuspectsAbout: "{} of {} covers are taken for another tag; those that the model is surest of come first", "{} / {} 张封面被判为其他标签；模型最确信的排在前面";
    NoSuspects: "Every cover is read as its tag", "所有封面都判为其标签";
    ReadOff: "read off the cover ({}): {}", "从封面读出（{}）：{}";
    ReadAs: "{} {} · read as {} {} · {}", "{} {} · 判为 {} {} · {}";
    NoBehaviourRun: "Looks are set against a run with vectors of behaviour; none is open", "需要一次带行为向量的运行来比较；当前没有";
    SetAgainst: "Against", "对比";
    DisagreementAbout: "{} of {} items that both know, by how few of the {} nearest they share", "双方共有的 {} / {} 个内容，按前 {} 个近邻的重合数排列";
    ByLooks: "By looks", "按外观";
    ByTaking: "By behaviour", "按行为";
    SharedOf: "{} of {} in common", "{} / {} 个重合";
    NothingInCommon: "The two runs have no item in common", "两次运行没有共同的内容";
    PreviousDifference: "The one before", "上一个";
    NextDifference: "The next one", "下一个";
    DifferenceAt: "{} of {}: both have {} of the {} nearest", "第 {}/{} 个：两者共有 {} 个最近邻（前 {} 个）";
    DifferenceSample: "a sample of {} items", "从 {} 个内容中抽样";
    NearNamed: "Near: {}, cosine {}", "邻近：{}，余弦 {}";
    NoVectorRun: "No run with vectors is at hand", "没有可用的向量";
    NoVectorRunWhy: "The map shows the vectors of item2vec, of graph networks and of covers. Train one, or open one that is kept", "地图显示 item2vec、图网络与封面的向量。请训练或打开一次这样的运行";
    TrainItem2vec: "Train item2vec", "训练 item2vec";
    // Neighbourhoods: by tag
    ExpandByTag: "Show what else has a tag of it", "按标签展开";
    ByTagNamed: "Others tagged {}", "其他带有“{}”的内容";
    SameTag: "same tag", "标签相同的内容";
    PutInMiddle: "Put in the middle", "设为中心";
    UnfoldNode: "Show its neighbours", "展开邻居";
    FoldNode: "Fold its neighbours", "收起邻居";
    // Trainings that were stopped
    ResumeAction: "Resume", "继续训练";
    ResumeFrom: "Go on from epoch {}", "从第 {} 轮继续";
    ResumeTip: "Training goes on from what was kept last, and ends as if it had never been stopped", "从最近保留的进度继续训练，结果与未中断时相同";
    StoppedAt: "Stopped after {} of at most {} epochs", "已停止：完成 {} 轮，最多 {} 轮";
    StoppedShort: "Stopped", "已停止";
    // Rank shifts between columns
    MarkShift: "against the column at the left", "与左侧一列相比";
    MarkOnlyHere: "only here", "仅此处召回";
    OnlyHereLong: "Only here: no other column of this user has it", "仅此处：该用户的其他列均未召回";
    ShiftSame: "same rank as at the left", "名次与左侧相同";
    ShiftUp: "up {} from the left", "比左侧上升 {} 名";
    ShiftDown: "down {} from the left", "比左侧下降 {} 名";
    ShiftNew: "not at the left", "左侧没有";
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
    ExportCase: "Export case study…", "导出案例研究…";
    ExportCaseTip: "What the case study shows now, as a page, as Markdown with pictures or as a table", "将案例研究当前所示内容导出为网页、带图片的 Markdown 或表格";
    ExportOneCase: "Export case", "导出案例";
    ExportCasesTitle: "Export {} cases", "导出 {} 个案例";
    ExportCases: "Export the cases that are listed: as one page, as Markdown with pictures or as a table", "导出列出的案例：一个网页、带图片的 Markdown 或表格";
    ExportOneCaseTip: "This case with what it keeps, as a page, as Markdown with pictures or as a table", "将此案例及其保存的内容导出为网页、带图片的 Markdown 或表格";
    ExportCaseTitle: "Export case study", "导出案例研究";
    FormPage: "One page (HTML)", "单个网页（HTML）";
    FormMarkdown: "Markdown with pictures", "带图片的 Markdown";
    FormTableCsv: "Table (CSV)", "表格（CSV）";
    FormTableParquet: "Table (Parquet)", "表格（Parquet）";
    FormPageAbout: "Everything in one file, covers too; works offline and prints", "所有内容（包括封面）在一个文件中，可离线查看和打印";
    FormMarkdownAbout: "A text file, and a folder of covers beside it", "一个文本文件，旁边有一个封面文件夹";
    FormTableAbout: "A row for each recalled item", "每个召回的内容一行";
    UsePseudonyms: "Replace the names of users", "替换用户名称";
    UsePseudonymsTip: "Users become A, B, …; no id of theirs gets into the file, and attributes that few users share are left out", "用户改称 A、B…，文件中不含其编号，少数用户独有的属性也会略去";
    SaveReport: "Save…", "保存…";
    CaseNobody: "The case study shows nobody yet, so there is nothing to export", "案例研究尚未显示任何用户，没有可导出的内容";
    ReportTitle: "Case study: {}", "案例研究：{}";
    ReadOnlyCopy: "Packed copy, read-only", "打包副本，只读";
    ReadOnlyCopyTip: "This workspace was packed on another machine or at another time. What you change or train here is not kept", "该工作区为打包的副本；在此更改或训练的内容不会保留";
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
    NoCommonUsers: "No user of this slice was measured under both", "该切片中没有同时在二者下评估过的用户";
    DifferenceBetter: "better", "更好";
    DifferenceWorse: "worse", "更差";
    DifferenceUnclear: "not told apart", "无法区分";
    DifferenceNotMeasured: "One of them has no results by user at this K; open it again in Training, and it is measured anew",
        "其中一个在该 K 下没有逐用户结果；请在训练视图中重新打开，即会重新评估";
    DifferenceNoMetric: "Of the metrics shown, none is a mean over users; choose Recall, NDCG, Hit rate or MRR",
        "所选指标都不是用户平均值；请选择召回率、NDCG、命中率或 MRR";
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
    OverlapPercent: "in percent", "单位：百分比";
    LegendMore: "and {} more", "另有 {} 个";
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
    // Training: commands
    TrainForm: "Train with the form's settings", "按表单设置训练";
    TrainFormTip: "Start the run that the training view describes, or open it if it is kept", "启动训练视图中设定的运行；若已保留则直接打开";
    ClearJobs: "Clear finished jobs", "清除已完成的任务";
    ClearJobsTip: "Take what is done, failed or cancelled from the list of background work", "从后台任务列表中移除已完成、失败或取消的任务";
    EmptyBin: "Empty the bin of runs", "清空运行回收站";
    EmptyBinTip: "Remove deleted runs and their vectors for good; this cannot be undone", "永久移除已删除的运行及其向量；无法撤销";
    // Training: the form
    NewRun: "New run", "新的运行";
    TrainAction: "Train", "开始训练";
    OpenAction: "Open", "打开";
    TrainTip: "Ctrl + Enter", "按 Ctrl + Enter 开始";
    MoreSettings: "More", "更多设置";
    BackToDefault: "Back to {}", "恢复为 {}";
    BackToDefaultTip: "Default {}", "默认值 {}";
    AllDefaults: "All to default", "全部恢复默认";
    ValueOff: "off", "关闭";
    ValueAutomatic: "automatic", "自动";
    ValueOn: "on", "开启";
    WrongRange: "From {} to {}", "须在 {} 到 {} 之间";
    WrongWhole: "A whole number from {} to {}", "须为 {} 到 {} 之间的整数";
    WrongNumbers: "Whole numbers from {} to {}, with commas between", "须为 {} 到 {} 之间的整数，用逗号分隔";
    WrongTime: "A date such as 2024-05-01, with a time of day if wanted", "须为日期，如 2024-05-01，可附时刻";
    OnlyWith: "Counts only with {}: {}", "仅在 {} 为 {} 时起作用";
    FixFields: "Mend the fields marked above", "请先修正上面标出的字段";
    AlreadyMaking: "Being trained now", "正在训练";
    AlreadyTrained: "Already trained on {}; opens at once", "已于 {} 训练过；可直接打开";
    AlreadyOpen: "Already trained on {}, and open", "已于 {} 训练过，并已打开";
    InBin: "Was deleted; training brings it back", "曾被删除；训练会将其恢复";
    OwnSplit: "Another split than the lanes: its graphs are built for it alone", "划分与各通道不同：将单独为其构建图";
    NotRepeatable: "With several threads two trainings differ a little; 1 thread repeats", "多线程时两次训练略有差异；单线程可复现";
    GroupSplit: "Split", "划分";
    GroupGraph: "Graph", "图";
    GroupModel: "Model", "模型";
    GroupRecall: "Recalling", "召回";
    GroupIndex: "Index", "索引";
    GroupEvaluate: "Evaluation", "评估";
    LaneToTrain: "Lane to train", "要训练的通道";
    SwitchOf: "{}: on or off", "{}：开关";
    // Training: the table
    Runs: "Runs", "运行";
    RunsNone: "No run is kept of this data set", "该数据集还没有保留的运行";
    RunsNeed: "Choose a lane and its settings, then train", "选择通道和设置，然后开始训练";
    RunsPreparing: "The lanes are trained as soon as the log is split", "日志划分完成后即开始训练各通道";
    ColumnRun: "Run", "运行";
    MetricRecallShort: "Recall@20", "Recall@20";
    MetricNdcgShort: "NDCG@20", "NDCG@20";
    ColumnState: "State", "状态";
    ColumnLane: "Lane", "通道";
    ColumnBuild: "Build", "构建";
    ColumnMemory: "Memory", "内存";
    ColumnDate: "Date", "日期";
    SortTip: "Sort by {}", "按 {} 排序";
    StateKept: "Kept", "已保留";
    StateReady: "Ready", "就绪";
    StateQueued: "Queued", "排队中";
    StateGraphs: "Waits for the graphs", "等待图构建";
    StateSplit: "Waits for the split", "等待划分";
    AsTheLanes: "default settings", "默认设置";
    RunNamed: "{}, {}", "{}，{}";
    ColumnMemoryTip: "Highest memory of the whole program while the run was made, other work included",
        "训练该运行期间整个程序的内存峰值，包含其他任务";
    BringBack: "Bring {} back", "恢复 {}";
    BinTip: "Runs that were deleted; choose one to bring it back", "已删除的运行；选择一个即可恢复";
    InTheBin: "{} in the bin", "回收站中有 {} 个";
    EmptyBinShort: "Empty", "清空";
    // Training: what can be done with a run
    RunOpen: "Open", "打开";
    RunUse: "Use in the case study", "用于案例对比";
    RunNothingToUse: "It has nothing to show: it failed or was cancelled; try again first", "没有可显示的结果：该运行失败或已取消，请先重试";
    RunUsed: "Stands in the case study", "已在案例对比中";
    RunRename: "Rename", "重命名";
    RunNote: "Note", "备注";
    RunDelete: "Delete", "删除";
    RunDeleteTip: "Can be undone; goes for good after 30 days", "可以撤销；30 天后永久移除";
    RunStands: "Stands for its lane, so it stays", "该运行代表其通道，不能删除";
    RunCancel: "Cancel", "取消";
    RunRetry: "Try again", "重试";
    RunCopyJson: "Copy settings as JSON", "以 JSON 复制设置";
    RunAgain: "Train again with changes", "修改设置后重新训练";
    RunName: "Name of the run", "运行名称";
    RunNoteHint: "What this run is for", "记录该运行的用途";
    // Training: curves and comparison
    Curve: "Loss by epoch", "逐轮损失";
    CurveNone: "None of these runs has a curve: its lane is not trained in epochs, or it ended before the first point",
        "所选运行没有曲线：其通道不按轮次训练，或在首个点之前已结束";
    CurveSelect: "Select a run of item2vec to see its curve, several to see one over another", "选择 item2vec 运行可查看曲线；多选可叠加比较";
    CurveSoon: "The curve begins with the first tenth of an epoch", "训练开始后不久即显示曲线";
    Epochs: "epochs; each point is the mean over as many pairs", "轮次；每个点为等量样本对的平均";
    CurvePoint: "{}\nepoch {}, loss {}", "{}\n第 {} 轮，损失 {}";
    CompareTitle: "Compare", "对比";
    CompareNeeds: "Select two or more runs with Ctrl + click to compare them", "按住 Ctrl 点击选择两个以上运行进行对比";
    CompareSettings: "Settings that differ", "不同的设置";
    CompareSame: "No setting differs", "设置没有差异";
    CompareMetrics: "Metrics at {}", "前 {} 名指标";
    // Training: details of a run
    MadeFrom: "Data", "数据";
    Fingerprint: "Fingerprint", "数据指纹";
    Seed: "Seed", "随机种子";
    CodeVersion: "Version", "程序版本";
    MadeOn: "Made", "训练时间";
    EvaluateTime: "Evaluation", "评估耗时";
    Repeatable: "Repeats to the bit", "可逐位复现";
    RepeatableNo: "no", "否";
    RepeatableYes: "yes", "是";
    SettingsOfRun: "Settings", "设置";
    // The data panel: graphs, runs and what was refused
    Graphs: "Graphs", "图";
    GraphUserItem: "User-item edges", "用户-内容边";
    GraphItemItem: "Item-item edges", "内容-内容边";
    GraphIsolated: "Isolated items", "孤立内容";
    GraphIsolatedTip: "Items without a neighbour by behaviour; {} of them are joined by attributes with {} edges",
        "没有行为邻居的内容；其中 {} 个由属性连接，共 {} 条边";
    CopyFigures: "Copy the figures", "复制数字";
    RemoveRecent: "Remove from the list", "从列表中移除";
    CoversRefused: "{} covers refused", "{} 张封面无法使用";
    SetAsideOne: "1 row set aside", "已搁置 1 行";
    CoversRefusedOne: "1 cover refused", "1 张封面无法使用";
    CoversMissingOne: "1 cover missing", "1 张封面缺失";
    RemarksOne: "1 remark", "1 条备注";
    CoversMissing: "{} covers missing", "{} 张封面缺失";
    Remarks: "{} remarks", "{} 条备注";
    // Stages of jobs
    StageSplitting: "Splitting", "划分数据";
    StageCounting: "Counting interactions", "统计互动";
    StageSimilar: "Finding similar items", "寻找相似内容";
    StageWalking: "Walking", "随机游走";
    StageClusters: "Writing sequences of clusters and items", "生成类群与内容序列";
    StageTraining: "Training item vectors", "训练内容向量";
    StageIndex: "Building the index", "构建索引";
    StageEvaluating: "Evaluating", "评估";
    StageKeeping: "Keeping the run", "保存运行";
    StageOpening: "Opening a kept run", "打开已保留的运行";
    StageKept: "Opening what is kept of it", "打开已保留的数据";
    StageReading: "Reading {}", "读取 {}";
    StageEvents: "events", "行为";
    StageUsers: "users", "用户";
    StageItems: "items", "内容";
    StageImpressions: "impressions", "曝光";
    StageSorting: "Sorting events", "行为排序";
    StageFingerprint: "Taking the fingerprint", "计算指纹";
    StageCovers: "Checking covers", "检查封面";
    UnitRows: "rows", "行";
    UnitUsers: "users", "用户";
    UnitVectors: "vectors", "向量";
    UnitCovers: "covers", "封面";
    UnitBytes: "bytes", "字节";
    UnitEvents: "events", "行为";
    // Opening a data set
    ReviewColumns: "Columns and behaviours…", "列与行为…";
    ReviewColumnsTip: "See and correct what each column of the data set means and what each behaviour counts", "查看并更正数据集各列的含义以及各行为的权重";
    OpenSheet: "Open {}", "打开 {}";
    Looking: "Looking at the first rows…", "正在查看前几行…";
    Table: "Table", "表";
    TableNamed: "Table {}", "{} 表";
    TableEvents: "events", "行为表";
    TableImpressions: "impressions", "曝光表";
    TableUsers: "users", "用户表";
    TableItems: "items", "内容表";
    TableTags: "tags", "标签表";
    TableLabels: "labels", "译名表";
    ChooseBelow: "Or choose below what each column is taken as", "或在下方为各列选择含义";
    FormCells: "text, cells parted by {}", "文本，以 {} 分隔";
    FormTabs: "text, cells parted by tabs", "文本，以制表符分隔";
    FormJson: "JSON, one object a line", "JSON，每行一个对象";
    FormPairs: "text, a user and an item a line", "文本，每行一个用户和一个内容";
    FormLists: "text, a user and his items a line", "文本，每行一个用户及其内容";
    ColumnOfFile: "Column of the file", "文件中的列";
    ColumnMeaning: "Is taken as", "含义";
    RowNumber: "Row {}", "第 {} 行";
    MeaningOf: "Meaning of {}", "{} 的含义";
    MeansInstead: "Instead of the column {}", "替代 {} 列";
    Required: "{} (needed)", "{}（必需）";
    AsAttribute: "attribute", "属性";
    WhichFile: "Which file holds the events?", "哪个文件是行为表？";
    EventsFrom: "Events from {}", "行为表取自 {}";
    EventsFile: "The file that holds the events", "行为表所在的文件";
    NotUsed: "not used", "不使用";
    TimeReadFrom: "Written as {}", "原文为 {}";
    TimeNotRead: "{} is no time in this unit", "{} 在该单位下不是有效时间";
    BehaviourWeights: "Behaviours, and what one counts as an interaction", "行为，以及每次计为多少互动";
    WeightOf: "Weight of {}", "{} 的权重";
    WeightTip: "0 means that it is no interaction", "0 表示不计为互动";
    WeightGuessed: "Nobody gave this behaviour a weight; it counts as one by guess", "该行为没有给定权重，暂按 1 计";
    TimeUnit: "Times are written in", "时间的写法";
    UnitSeconds: "seconds since 1970", "1970 年起的秒数";
    UnitMilliseconds: "milliseconds since 1970", "1970 年起的毫秒数";
    UnitMicroseconds: "microseconds since 1970", "1970 年起的微秒数";
    UnitIso: "dates (ISO 8601)", "日期（ISO 8601）";
    UnitNone: "no times", "没有时间";
    SplitSuits: "As suits the data: {}", "按数据默认：{}";
    SplitSheetNote: "Can be moved on a time line once the data is open", "打开后可在时间线上拖动调整";
    SaveConfig: "Save as dataset.toml", "另存为 dataset.toml";
    SaveConfigTip: "Write the corrections into the folder, so that everybody reads it this way; a file that is there is kept as dataset.toml.bak", "将更正写入文件夹，使所有人都按此读取；已有的文件保留为 dataset.toml.bak";
    ConfigWritten: "Written: {}", "已写入：{}";
    AsGuessed: "As guessed", "恢复猜测";
    AsGuessedTip: "Take all corrections back", "撤回全部更正";
    ExportTable: "Take this table along", "导出此表";
    Arrived: "Opened {}: {} events", "已打开 {}：{} 条行为";
    SeeReport: "See the report", "查看报告";
    NoteGenres: "The columns of genres are taken as tags", "类型各列作为标签";
    NoteNoTimes: "The events have no times: splits by time are not offered", "行为没有时间，因此不提供按时间的划分";
    NoteRatings: "Ratings 1 to 3 count as click, 4 as like, 5 as favorite", "评分 1 至 3 计为点击，4 计为点赞，5 计为收藏";
    NoteNoBehaviour: "The events name no behaviour: each counts as click", "行为表没有行为列，每条计为点击";
    NoteTwoTables: "{} and {} could both be the table {}; the first was taken", "{} 和 {} 都可能是{}，已采用前者";
    AllLanes: "All lanes", "全部通道";
    CountNothing: "+ {} events that count nothing", "另有 {} 条行为不计为互动";
    CountNothingTip: "Behaviours of weight 0 are no interactions and stand in no part: {}. Weights are set under Columns and behaviours",
        "权重为 0 的行为不是互动，不属于任何部分：{}。可在“列与行为”中设置权重";
    MeasuredTip: "Of {} users, {} can be measured here: they took something new to them after the split. For the others there is nothing to hit",
        "共 {} 位用户，其中 {} 位可在此评估：他们在划分之后取用过新内容。其余用户没有可命中的内容";
    // The meaning of columns
    ColumnUser: "user", "用户";
    ColumnItem: "item", "内容";
    ColumnBehaviour: "behaviour", "行为";
    ColumnTime: "time", "时间";
    ColumnVisit: "visit", "访问";
    ColumnPosition: "position", "位置";
    ColumnClicked: "clicked", "是否点击";
    ColumnPolicy: "policy", "策略";
    ColumnTitle: "title", "标题";
    ColumnTitleEn: "title in English", "英文标题";
    ColumnText: "text", "正文";
    ColumnTextEn: "text in English", "英文正文";
    ColumnCircle: "circle", "圈子";
    ColumnTopics: "topics", "话题";
    ColumnTags: "tags", "标签";
    ColumnCover: "cover", "封面";
    ColumnAuthor: "author", "作者";
    ColumnPublished: "published at", "发布时间";
    ColumnLeaf: "leaf tag", "叶标签";
    ColumnLevel2: "level-2 tag", "二级标签";
    ColumnLevel1: "level-1 tag", "一级标签";
    ColumnValue: "value", "原文";
    ColumnEnglish: "English name", "英文名";
    // The data view
    DataReport: "What was read", "读取结果";
    DataTime: "Time and split", "时间与划分";
    DataDegrees: "Spread of interactions", "互动分布";
    Fold: "Fold", "收起";
    Unfold: "Unfold", "展开";
    FoldAll: "Fold all", "全部收起";
    UnfoldAll: "Unfold all", "全部展开";
    Counting: "Counting…", "正在统计…";
    CountingLost: "Counting was cancelled", "统计已取消";
    OfTraining: "Training part of the split", "仅统计训练部分";
    RemarkCount: "remarks: {}", "备注：{} 类";
    Density: "Density", "密度";
    Impressions: "Impressions", "曝光";
    Tables: "Tables", "数据表";
    Files: "From", "来源";
    RowsRead: "Read", "读取";
    RowsKept: "Kept", "保留";
    RowsSetAside: "Set aside", "搁置";
    TableRows: "{}: {} rows read, {} kept, {} set aside", "{}：读取 {} 行，保留 {} 行，搁置 {} 行";
    Columns: "Columns", "列";
    Attributes: "Attributes", "属性";
    AndMore: "and {} more", "另有 {} 处";
    Behaviours: "Behaviours", "行为";
    BehaviourRow: "{}: {} events, weight {}", "{}：{} 条，权重 {}";
    Weight: "Weight", "权重";
    Share_: "Share", "占比";
    ReportRemarks: "Remarks", "备注";
    RemarksNote: "Remarks, for which no row was set aside", "备注（未因此搁置任何行）";
    CopyReport: "Copy the report", "复制报告";
    CopyReportTip: "As text, for a message to whoever made the files", "以文本形式复制，便于发给提供文件的人";
    // Reasons of the report
    ReasonMissingUser: "no user", "缺少用户";
    ReasonMissingItem: "no item", "缺少内容";
    ReasonUnknownBehaviour: "behaviour that is not listed", "未列出的行为";
    ReasonNoTime: "no time", "缺少时间";
    ReasonUnparsableTime: "time that cannot be read", "无法解析的时间";
    ReasonFutureTime: "time in the future", "时间在未来";
    ReasonDuplicate: "repeats another row", "与其他行重复";
    ReasonRepeated: "repeats one before it, in a log without times; counts once", "无时间日志中的重复行，只计一次";
    ReasonCells: "wrong number of cells", "单元格数量不符";
    ReasonNotJson: "no JSON object", "不是 JSON 对象";
    ReasonNotUtf8: "no UTF-8 text", "不是 UTF-8 文本";
    ReasonQuote: "quote that does not end", "引号未闭合";
    ReasonMissingLeaf: "no leaf tag", "缺少叶标签";
    ReasonMissingValue: "value or name missing", "缺少原文或译名";
    ReasonPolicy: "more than 255 policies", "策略超过 255 种";
    ReasonPropensity: "a propensity outside of 0 to 1", "曝光概率不在 0 到 1 之间";
    RemarkUser: "users with events that the table of users does not describe", "有行为但用户表中没有的用户";
    RemarkItem: "items with events that the table of items does not describe", "有行为但内容表中没有的内容";
    RemarkWeight: "behaviours whose weight is a guess", "权重为猜测的行为";
    RemarkTwice: "columns named twice in one header", "表头中重名的列";
    RemarkOutside: "tags outside the hierarchy", "不在层级中的标签";
    RemarkParents: "tags below two parents", "有两个上级的标签";
    RemarkAuthor: "authors who are no users", "不是用户的作者";
    RemarkAge: "ages out of range", "超出范围的年龄";
    RemarkPublished: "publishing times that cannot be read", "无法解析的发布时间";
    RemarkCoverMissing: "covers that are missing", "缺失的封面";
    RemarkCoverType: "covers of another type than their name says", "类型与文件名不符的封面";
    RemarkCoverDamaged: "covers that cannot be read", "无法读取的封面";
    RemarkCoverLarge: "covers larger than is allowed", "超过允许尺寸的封面";
    RemarkCoverOutside: "covers outside the data set's folder", "位于数据集文件夹之外的封面";
    // Time and split
    SplitKind: "Kind of split", "划分方式";
    SplitByTime: "By time", "按时间";
    SplitByTimeTip: "Training before a moment, test from it on; the only split that never looks ahead", "某一时刻之前为训练，之后为测试；唯一不会提前看到未来的划分";
    SplitUserTimeTip: "Of each user the last fifth is the test; other users' later behaviour is seen in training", "每位用户最后五分之一为测试；训练中会看到其他用户更晚的行为";
    SplitLeaveLastOutTip: "Of each user the last interaction is the test", "每位用户最后一次互动为测试";
    SplitRandomTip: "Eight, one and one tenth of each user at random; the middle tenth is for validation", "每位用户随机分为 8:1:1，中间一份用于验证";
    SplitGivenTip: "The lists that the publisher gave", "发布者给出的列表";
    RefusedNoTimes: "Needs times, and the log has none", "需要时间，而日志没有时间";
    RefusedNothingGiven: "No test list was published with this data set", "该数据集没有发布测试列表";
    RefusedNoInteractions: "No behaviour counts as an interaction", "没有任何行为计为互动";
    RefusedEmptyTrain: "Would leave the training part empty", "训练部分将为空";
    RefusedEmptyTest: "Would leave the test part empty", "测试部分将为空";
    ValidationPart: "Validation", "验证";
    AsSuits: "As suits the data", "按数据默认";
    AsSuitsTip: "By time where the log has times: the last fifth, at most 7 days, is the test", "有时间时按时间划分：最后五分之一（至多 7 天）为测试";
    WindowLength: "Length of the window", "窗口长度";
    WindowAllTip: "The window reaches back to the first event", "窗口一直延伸到第一条行为";
    WindowEmpty: "nothing in the window", "窗口内没有互动";
    DaysSuffix: " d", " 天";
    WindowFrom: "Beginning of the window", "窗口起点";
    ReferenceTime: "Beginning of the test part", "测试起点";
    TimeHint: "Drag the lines, or give one the focus and use ← → (with Shift a week)", "拖动竖线，或选中后用 ← → 移动（按住 Shift 每次一周）";
    NoTimeline: "The log has no times, so there is no time line; what each behaviour counts stands in the report above", "日志没有时间，无法绘制时间线；各行为的数量见上方报告";
    PerDay: "Events per day and behaviour", "每天各行为的数量";
    PerHour: "Events per hour and behaviour", "每小时各行为的数量";
    ScaleLinear: "Linear", "线性";
    ScaleLog: "Log", "对数";
    OutliersLeftOut: "{} events lie so far off all others that they are not on the time line", "{} 条行为的时间远离其余行为，未画在时间线上";
    // Spread
    UserDegrees: "Users by their number of interactions", "按互动数统计的用户";
    ItemDegrees: "Items by their number of interactions", "按互动数统计的内容";
    DegreeAxis: "→ interactions  ↑ how many", "→ 互动数  ↑ 个数";
    DegreePoint: "{} with {} interactions", "{} 个，各有 {} 次互动";
    PopularityCurve: "Popularity curve", "热度曲线";
    PopularityAxis: "→ items by rank  ↑ their share", "→ 内容（由热到冷）  ↑ 占比";
    PopularityPoint: "The first {} % of items carry {} % of interactions", "前 {} % 的内容占 {} % 的互动";
    NoInteractionsYet: "The training part has no interactions", "训练部分没有互动";
    // Tags
    TagCount: "{} tags", "{} 个标签";
    TagLevels: "{} · {} · {} tags on three levels", "三级标签：{} · {} · {}";
    NoTags: "The items have no tags; name a column of the items in “Columns and behaviours…”", "内容没有标签；可在“列与行为…”中指定标签列";
    FindTag: "Find a tag", "查找标签";
    ClearSearch: "Clear the search", "清除搜索";
    TagRow: "{}: {} items, {} interactions", "{}：{} 个内容，{} 次互动";
    TagsNote: "Items and interactions of a branch count once, also where an item bears several of its tags", "一个内容带有同一分支的多个标签时只计一次";
    // Neighbourhood and attention
    Neighbourhood: "Neighbourhood", "邻域";
    Attention: "Attention", "注意力";
    NeighbourhoodHelp: "Who sends messages to the node in the middle: a user takes from the items of the training part, an item from similar items. Drag the ground to move it, turn the wheel to zoom, drag a node to pin it. A click selects, a double click shows a node’s own neighbours or folds them; with the keys: arrows walk, Space selects, Enter unfolds, + and − zoom, Home shows all. The right button, or the tag in the bar above for what is selected, also shows what else has a tag. Edges are as wide as their weight, or as the attention of a run that has some.", "哪些节点向中心节点传递消息：用户接收训练部分中的内容，内容接收相似的内容。拖动空白处平移，滚轮缩放，拖动节点可固定位置。单击选中，双击展开或收起该节点的邻居；键盘：方向键移动，空格选中，回车展开，+ 和 − 缩放，Home 显示全部。右键菜单，或上方工具栏的标签按钮，可按标签展开所选内容。边的粗细表示权重，或某次训练的注意力。";
    AttentionHelp: "How a network with attention weighs the neighbours of the selected node, head by head, and below how attention is spread over a sample of all users. Click a cover or a row to select it everywhere else; a double click looks at its own neighbours. Right-click the table to take it along.", "带注意力的网络如何为所选节点的邻居加权（按注意力头），以及下方注意力在用户样本中的分布。单击封面或表格行可在其他视图中选中，双击则改看该内容的邻居。右键表格可导出。";
    ShowNeighbourhood: "Show neighbourhood", "显示邻域";
    ShowAttention: "Show attention", "显示注意力";
    ArrangeGraph: "Layout: graph & attention", "布局：图与注意力";
    ArrangeGraphTip: "A node’s neighbourhood, and the attention on it", "节点的邻域及其注意力";
    LayoutGraph: "Graph & attention", "图与注意力";
    JobNetwork: "Neighbours and attention", "邻居与注意力计算";
    NoNode: "Nobody is in the middle yet", "尚未选择中心节点";
    NoNodeWhy: "Select a user or an item: in the case study, by search (Ctrl+F), or draw users at random", "请选择一位用户或一个内容：在案例研究中点选、搜索（Ctrl+F），或随机换一批用户";
    NetworkComing: "On its way…", "正在计算…";
    NetworkBrokeOff: "This could not be computed; the background work says why", "计算未完成，原因见后台任务";
    NoAttention: "No run with attention is open", "没有打开带注意力的训练";
    NoAttentionWhy: "Attention comes from the graph networks gat and gaan. Train one: it stands here as soon as it is ready", "注意力来自图网络 gat 与 gaan。训练完成后会显示在这里";
    TrainGat: "Train gat", "训练 gat";
    OpenRunNamed: "Open {}", "打开 {}";
    Hops: "Hops", "跳数";
    HopsNamed: "Hops {}", "{} 跳";
    NeighbourCap: "At most", "至多邻居";
    NeighbourCapTip: "Neighbours of a node that are drawn; the heaviest where there are more", "每个节点最多画出的邻居数；超出时保留权重最大的";
    AttentionLessWeight: "Difference", "差值";
    EdgeWeightTip: "Edges by their share of the weights of what a node takes", "按权重占比画边";
    EdgeAttentionTip: "Edges by their share of the attention on neighbours, without what falls on the node itself", "按注意力占比画边（不含节点自身所占部分）";
    EdgeDifferenceTip: "The share of attention less the share of weight", "注意力占比减去权重占比";
    EdgesBy: "Edges by: {}", "边：{}";
    NeedsAttention: "Needs an open run of gat or gaan", "需要已打开的 gat 或 gaan 训练";
    NeedsNetwork: "Needs an open run of a graph network", "需要已打开的图网络训练";
    AsTrained: "As trained", "训练采样";
    AsTrainedTip: "Only the neighbours that a draw of this run’s training keeps (fan-out), and not all", "只显示该训练一次采样保留的邻居（扇出），而非全部";
    AnotherDraw: "Another draw", "重新采样";
    FitAll: "Show all", "显示全部";
    CentreOnSelected: "Put what is selected in the middle", "以所选节点为中心";
    FoldAllNodes: "Fold what was unfolded", "收起已展开的节点";
    UnpinAll: "Let pinned nodes go", "取消全部固定";
    NodesAndEdges: "{} nodes, {} edges", "{} 个节点，{} 条边";
    NeighboursHidden: "at most {} neighbours a node, {} not drawn", "每个节点至多 {} 个邻居，{} 个未画出";
    LeftFolded: "{} nodes stay folded, as more than {} edges or {} nodes are not drawn", "{} 个节点未展开：最多画 {} 条边或 {} 个节点";
    FanOutsOf: "fan-out {}", "扇出 {}";
    AllNeighbours: "all", "全部";
    NoNeighbours: "it has no neighbours in the training part", "在训练部分没有邻居";
    TakesKind: "Takes (kind)", "接收方类型";
    Takes: "Takes", "接收方";
    Sends: "Sends", "发送方";
    WeightShare: "Share of weight", "权重占比";
    UserItemEdges: "item to user", "内容 → 用户";
    ItemItemEdges: "item to similar item", "内容 → 相似内容";
    MoreAttention: "more attention than weight (at most {})", "注意力高于权重（最多 {}）";
    LessAttention: "less", "低于权重";
    WidestWeight: "widest: {} of a node’s weight", "最粗：占节点权重的 {}";
    WidestAttention: "widest: {} of a node’s attention", "最粗：占节点注意力的 {}";
    TakesFrom: "takes from {} neighbours, {} drawn", "接收 {} 个邻居，画出 {} 个";
    SendsTo: "to {}", "传给 {}";
    WeightSays: "weight {} ({} of all)", "权重 {}（占 {}）";
    AttentionSays: "attention {}", "注意力 {}";
    Layer: "Layer", "层";
    LayerNamed: "Layer {}", "第 {} 层";
    LayerTip: "Messages pass once a layer; the last makes the vector", "每层传递一次消息，最后一层得到向量";
    AttentionHead: "Head", "注意力头";
    HeadNamed: "Head {}", "头 {}";
    HeadTip: "Heads look at neighbours independently", "各个头独立地关注邻居";
    MeanOfHeads: "All heads", "全部头";
    HeatMap: "Neighbours by head", "各头的邻居注意力";
    HeatAbout: "{} neighbours, those with most attention first", "{} 个邻居，按注意力从高到低";
    HeatColumn: "{}, attention {}", "{}，注意力 {}";
    HeatMore: "{} more stand in the table", "其余 {} 个见表格";
    OwnAttention: "{} of attention fall on the node itself and are left out; a full cell is {}", "节点自身占 {}，已剔除；满格为 {}";
    Entropy: "Entropy", "熵";
    EntropyTip: "How evenly a head looks at the neighbours: 1 is even, 0 is one neighbour alone", "注意力头关注邻居的均匀程度：1 为完全均匀，0 为只看一个邻居";
    WeightShareSays: "share of weight {}", "权重占比 {}";
    AttentionByWeight: "Attention against weight", "注意力与权重";
    ScatterPoint: "weight {} · attention {}", "权重 {} · 注意力 {}";
    AttentionTable: "Neighbours of the node", "节点的邻居";
    WholeRun: "The whole run: {}", "整次训练：{}";
    WholeRunAbout: "{} of {} users with at least two items, {} edges", "至少有两个内容的 {}/{} 位用户，{} 条边";
    NoUsersForAttention: "No user of the training part has two items", "训练部分没有用户有两个内容";
    ByBehaviour: "Attention by behaviour, 1 is an even share", "各行为的注意力（1 为平均份额）";
    ByHead: "Attention by head, 1 is an even share", "各头的注意力（1 为平均份额）";
    RelativeAttentionTip: "A neighbour’s share of attention times the number of neighbours; behaviours by the strongest between user and item. Box: middle half, lines: 5th to 95th percentile", "邻居的注意力占比乘以邻居数；行为取用户与内容间最强的一种。方框为中间一半，线段为第 5 至第 95 百分位";
    SpreadSays: "5 % {}, 25 % {}, median {}, 75 % {}, 95 % {} of {} edges", "5 % {}，25 % {}，中位数 {}，75 % {}，95 % {}，共 {} 条边";
    ProbableNoise: "Probable noise", "疑似噪声";
    NoNoise: "No user has both items that were taken once by “{}” alone and others: there is nothing to compare", "没有用户同时具有仅一次“{}”的内容和其他内容，无从比较";
    NoiseAbout: "Items that a user took once, and by “{}”, the weakest behaviour: their share among his items, of his weights and of the attention on his items, as means over {} users who have such items and others", "用户仅以最弱行为“{}”互动过一次的内容：其数量占比、权重占比与注意力占比，对同时拥有两类内容的 {} 位用户取平均";
    NoiseEven: "Share among items (even)", "数量占比（平均）";
    NoiseWeight: "Share of weights", "权重占比";
    NoiseAttention: "Share of attention", "注意力占比";
    NoiseRatio: "Attention gives them {} times an even share, and {} times their weight", "注意力为平均份额的 {} 倍，为其权重的 {} 倍";
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

    /// The name of a table of data sets; as it is written otherwise.
    pub fn table(self, name: &str) -> &str {
        let word = match name {
            "events" => Word::TableEvents,
            "impressions" => Word::TableImpressions,
            "users" => Word::TableUsers,
            "items" => Word::TableItems,
            "tags" => Word::TableTags,
            "labels" => Word::TableLabels,
            _ => return name,
        };
        self.get(word)
    }

    /// What a column of a table means, by the name that data sets have for it.
    pub fn column(self, name: &str) -> &str {
        let word = match name {
            "user_id" => Word::ColumnUser,
            "item_id" => Word::ColumnItem,
            "behaviour" => Word::ColumnBehaviour,
            "timestamp" => Word::ColumnTime,
            "visit_id" => Word::ColumnVisit,
            "position" => Word::ColumnPosition,
            "clicked" => Word::ColumnClicked,
            "policy" => Word::ColumnPolicy,
            "title" => Word::ColumnTitle,
            "title_en" => Word::ColumnTitleEn,
            "text" => Word::ColumnText,
            "text_en" => Word::ColumnTextEn,
            "circle" => Word::ColumnCircle,
            "topics" => Word::ColumnTopics,
            "tags" => Word::ColumnTags,
            "cover" => Word::ColumnCover,
            "author_id" => Word::ColumnAuthor,
            "published_at" => Word::ColumnPublished,
            "leaf" => Word::ColumnLeaf,
            "level2" => Word::ColumnLevel2,
            "level1" => Word::ColumnLevel1,
            "value" => Word::ColumnValue,
            "en" => Word::ColumnEnglish,
            _ => return self.common(name),
        };
        self.get(word)
    }

    /// How the rows stand in a file, from the reader's own words for it.
    pub fn form(self, form: &str) -> String {
        let word = match form {
            "text, cells parted by tabs" => Word::FormTabs,
            "JSON, one object a line" => Word::FormJson,
            "text, a user and an item a line" => Word::FormPairs,
            "text, a user and his items a line" => Word::FormLists,
            _ => {
                let delimiter = form.strip_prefix("text, cells parted by ");
                return delimiter.map_or_else(|| form.to_owned(), |delimiter| self.fill(Word::FormCells, &[delimiter]));
            }
        };
        self.get(word).to_owned()
    }

    /// A reason or remark of a data report.
    pub fn reason(self, name: &str) -> String {
        let word = match name {
            "missing_user" => Word::ReasonMissingUser,
            "missing_item" => Word::ReasonMissingItem,
            "unknown_behaviour" => Word::ReasonUnknownBehaviour,
            "no_time" => Word::ReasonNoTime,
            "unparsable_time" => Word::ReasonUnparsableTime,
            "future_time" => Word::ReasonFutureTime,
            "duplicate" => Word::ReasonDuplicate,
            "repeated_without_a_time" => Word::ReasonRepeated,
            "wrong_number_of_cells" => Word::ReasonCells,
            "not_json" => Word::ReasonNotJson,
            "not_utf8" => Word::ReasonNotUtf8,
            "unclosed_quote" => Word::ReasonQuote,
            "missing_leaf" => Word::ReasonMissingLeaf,
            "missing_value" => Word::ReasonMissingValue,
            "unknown_policy" => Word::ReasonPolicy,
            "propensity_out_of_range" => Word::ReasonPropensity,
            "user_not_described" => Word::RemarkUser,
            "item_not_described" => Word::RemarkItem,
            "behaviour_of_unknown_weight" => Word::RemarkWeight,
            "column_named_twice" => Word::RemarkTwice,
            "tag_outside_hierarchy" => Word::RemarkOutside,
            "tag_with_two_parents" => Word::RemarkParents,
            "author_not_known" => Word::RemarkAuthor,
            "age_out_of_range" => Word::RemarkAge,
            "published_at_unparsable" => Word::RemarkPublished,
            "cover_missing" => Word::RemarkCoverMissing,
            "cover_wrong_type" => Word::RemarkCoverType,
            "cover_unreadable" => Word::RemarkCoverDamaged,
            "cover_oversized" => Word::RemarkCoverLarge,
            "cover_outside_folder" => Word::RemarkCoverOutside,
            _ => return name.replace('_', " "),
        };
        self.get(word).to_owned()
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

impl Words {
    /// What a metric is called, by its name without the cut-off.
    pub fn metric(self, stem: &str) -> &str {
        metric_named(stem).map_or(stem, |metric| self.get(metric.title))
    }

    /// What is wrong with a folder, above the reader's own words, which are English and need none there.
    pub fn fault(self, kind: FaultKind) -> Option<&'static str> {
        match self.language {
            Language::English => None,
            Language::Chinese => Some(match kind {
                FaultKind::NotAFolder => "这是一个文件；数据集是文件夹，请打开它所在的文件夹",
                FaultKind::Unreadable => "无法读取；请检查路径是否正确以及是否有读取权限",
                FaultKind::NoEvents => "文件夹中没有行为表；请添加 events.csv，或指定哪个文件是行为表",
                FaultKind::Empty => "文件为空；请重新写入或将其移除",
                FaultKind::NotATable => "文件无法作为表读取；请检查其格式、编码和表头",
                FaultKind::Column => "缺少必需的列；请在列中指定，或在 dataset.toml 中写明",
                FaultKind::Config => "dataset.toml 有误；请按下方说明修改",
                FaultKind::NothingKept => "没有一条行为可以保留；请检查各列的含义和时间的写法",
            }),
        }
    }

    /// What the reader notes on its guesses, in the language that is set; as it stands where it has no words.
    pub fn note(self, note: &str) -> String {
        let word = match note {
            "The columns of genres are taken as tags" => Word::NoteGenres,
            "The events have no times: splits by time are not offered" => Word::NoteNoTimes,
            "Ratings 1 to 3 count as click, 4 as like, 5 as favorite" => Word::NoteRatings,
            "The events name no behaviour: each counts as click" => Word::NoteNoBehaviour,
            _ => {
                let end = " could both be the table ";
                let parts = note.split_once(" and ").and_then(|(first, rest)| Some((first, rest.split_once(end)?)));
                let Some((first, (other, rest))) = parts else { return note.to_owned() };
                let table = rest.split(';').next().unwrap_or_default();
                return self.fill(Word::NoteTwoTables, &[first, other, self.table(table)]);
            }
        };
        self.get(word).to_owned()
    }

    /// What a job says it is doing, in the language that is set.
    pub fn stage(self, stage: &str) -> String {
        let word = match stage {
            "Splitting" => Word::StageSplitting,
            "Counting interactions" => Word::StageCounting,
            "Finding similar items" => Word::StageSimilar,
            "Training item vectors" => Word::StageTraining,
            "Walking" => Word::StageWalking,
            "Writing sequences of clusters and items" => Word::StageClusters,
            "Building the index" => Word::StageIndex,
            "Keeping the run" => Word::StageKeeping,
            "Opening a kept run" => Word::StageOpening,
            "Opening what is kept of it" => Word::StageKept,
            "Sorting events" => Word::StageSorting,
            "Taking the fingerprint" => Word::StageFingerprint,
            "Checking covers" => Word::StageCovers,
            "Drawing the community again" => Word::StageCommunity,
            "Visiting" => Word::StageVisiting,
            _ => {
                let table = match stage.strip_prefix("Reading ") {
                    Some("events") => Word::StageEvents,
                    Some("users") => Word::StageUsers,
                    Some("items") => Word::StageItems,
                    Some("impressions") => Word::StageImpressions,
                    _ if stage.starts_with("Evaluating ") => return self.get(Word::StageEvaluating).to_owned(),
                    _ => return stage.to_owned(),
                };
                return self.fill(Word::StageReading, &[self.get(table)]);
            }
        };
        self.get(word).to_owned()
    }

    /// What a job counts, in the language that is set.
    pub fn unit(self, unit: &str) -> &str {
        let word = match unit {
            "rows" => Word::UnitRows,
            "items" => Word::UnitItems,
            "users" => Word::UnitUsers,
            "vectors" => Word::UnitVectors,
            "covers" => Word::UnitCovers,
            "bytes" => Word::UnitBytes,
            "events" => Word::UnitEvents,
            "visitors" => Word::UnitVisitors,
            _ => return unit,
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
            let same = [
                Word::AppName,
                Word::RecallAt,
                Word::FilterValue,
                Word::PerSecond,
                Word::RunNamed,
                Word::WhyPart,
                Word::MetricRecallShort,
                Word::MetricNdcgShort,
            ];
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
