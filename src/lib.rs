//! recallscope
