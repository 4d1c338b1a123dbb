//! The JavaScript engine's own versions of `platform.rs`, and the module's allocator.

use lol_alloc::{FreeListAllocator, LockedAllocator};

/// The standard one takes 7 KB, a tenth of the module. This one's free list is short here: a call makes a few small
/// blocks and gives them all back.
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The 64-bit float nearest to a decimal number in ASCII, whose form the caller has checked.
///
/// The language lets an engine stop at the 20th digit; V8, SpiderMonkey and JavaScriptCore all round correctly.
pub(crate) fn nearest_float(text: &str) -> f64 {
    js_sys::parse_float(text)
}
