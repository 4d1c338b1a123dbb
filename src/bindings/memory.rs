//! What the modules that predict and explain have alike: memory, and how JavaScript reads from it.

#[cfg(target_arch = "wasm32")]
use lol_alloc::{FreeListAllocator, LockedAllocator};

/// The standard one takes 7 KB, a sixth of the module. This one's free list is short here: a call makes a few small blocks
/// and gives them all back.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// Makes room for `count` floats, if it is not there yet; its address.
pub(crate) fn grown(room: &mut Vec<f32>, count: usize) -> usize {
    room.resize(count.max(room.len()), 0.0);
    room.as_ptr() as usize
}
