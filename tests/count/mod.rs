//! An allocator that counts.
#![allow(dead_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    hint::black_box,
};

/// The system's allocator, counting for each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    COUNT.set(COUNT.get() + 1);
    BYTES.set(BYTES.get() + bytes);
}

// SAFETY: everything is handed to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.saturating_sub(layout.size()));
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a call has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    pub allocations: usize,
    pub bytes: usize,
}

/// How often this thread has asked for memory so far.
pub fn allocations_so_far() -> usize {
    COUNT.get()
}

/// The memory of a call, after a first one that may set up what is kept from call to call.
pub fn memory<T>(call: impl Fn() -> T) -> Memory {
    drop(black_box(call()));
    let before = (COUNT.get(), BYTES.get());
    let result = black_box(call());
    let memory = Memory { allocations: COUNT.get() - before.0, bytes: BYTES.get() - before.1 };
    drop(result);
    memory
}

/// How often a call asks for memory.
pub fn allocations<T>(call: impl Fn() -> T) -> usize {
    memory(call).allocations
}

/// How often this thread has asked for memory since it began: for calls that cannot be made twice.
pub fn so_far() -> usize {
    COUNT.get()
}
