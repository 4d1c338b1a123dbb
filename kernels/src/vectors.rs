//! Vectors of two widths: sixteen bytes on every machine, thirty-two where an x86-64 processor is found to have them when it is
//! asked. A loop is written once, for either; for thirty-two it is called by a function that the compiler may use AVX2 in.

use std::hint::black_box;
#[cfg(target_arch = "x86_64")]
use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use wide::{f32x4, i8x16, i16x8, i32x4, i32x8, u8x16};

use crate::fold::{CHUNK, LANES, Line, MOST_LEAVES, TREES};
use crate::number::Leaf;
use crate::tiles::{self, Chains, Rows, Tile};

/// Whether looking up sixteen bytes among sixteen is one instruction: compiled for, or found.
#[inline]
pub fn has_shuffle() -> bool {
    cfg!(any(target_feature = "simd128", target_feature = "ssse3", target_feature = "neon")) || has_thirty_two()
}

/// Whether vectors of thirty-two bytes are used: where the processor has them.
#[inline]
pub(crate) fn has_thirty_two() -> bool {
    #[cfg(target_arch = "x86_64")]
    return !cfg!(only_sixteen) && std::arch::is_x86_feature_detected!("avx2") && !ONLY_SIXTEEN.load(Ordering::Relaxed);
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// How many bytes are evaluated at once: 32 where the processor has AVX2, else 16.
pub fn vector_bytes() -> usize {
    if has_thirty_two() { 32 } else { 16 }
}

#[cfg(target_arch = "x86_64")]
static ONLY_SIXTEEN: AtomicBool = AtomicBool::new(false);

/// Runs something by vectors of each width that there is: for tests. What else runs at the same time gets the same bits, by either.
#[doc(hidden)]
pub fn by_each_width(mut run: impl FnMut(&str)) {
    #[cfg(target_arch = "x86_64")]
    static ALONE: Mutex<()> = Mutex::new(());
    #[cfg(target_arch = "x86_64")]
    let _alone = ALONE.lock();
    run("as wide as there are");
    #[cfg(target_arch = "x86_64")]
    {
        ONLY_SIXTEEN.store(true, Ordering::Relaxed);
        run("sixteen bytes");
        ONLY_SIXTEEN.store(false, Ordering::Relaxed);
    }
}

/// Bytes without a sign, but where it is said.
pub(crate) trait Bytes: Copy {
    /// How many there are.
    const COUNT: usize;
    /// The same byte everywhere.
    fn splat(byte: u8) -> Self;
    /// The `place`th vector of a line.
    fn load(line: &Line, place: usize) -> Self;
    /// Writes the `place`th vector of a line.
    fn store(self, line: &mut Line, place: usize);
    /// All ones where a byte is above the other, both with a sign.
    fn above(self, other: Self) -> Self;
    /// The lesser of each two.
    fn min(self, other: Self) -> Self;
    /// The greater of each two.
    fn max(self, other: Self) -> Self;
    /// All ones where bytes are the same.
    fn equal(self, other: Self) -> Self;
    /// The bits that both have.
    fn and(self, other: Self) -> Self;
    /// The bits that either has.
    fn or(self, other: Self) -> Self;
    /// The sum of each two, wrapping around.
    fn plus(self, other: Self) -> Self;
    /// The difference of each two, wrapping around.
    fn minus(self, other: Self) -> Self;
    /// Of a table of sixteen what is at each number; 0 at any from sixteen on.
    fn look_up(self, table: &[u8; 16]) -> Self;
    /// Adds as many numbers of four bytes, the lowest bytes first, to the `place`th of as many sums.
    fn add_to(bytes: [Self; 4], sums: &mut [f32; LANES], place: usize);
    /// Adds, tree after tree, the leaf of each row's number, of trees that have eight at most.
    fn add_few(planes: &[[[u8; CHUNK]; 4]; TREES], roots: [&Line; TREES], sums: &mut [f32; LANES]);
    /// Adds, tree after tree, the leaf of the tile that each row's number is of.
    fn add_tiles<N: Leaf>(
        tiles: [&[Tile; MOST_LEAVES]; TREES],
        numbers: [&[i8; LANES]; TREES],
        rows: Rows<'_>,
        leaves: &[N],
        sums: &mut [N; LANES],
    );
    /// Adds, tree after tree, the leaf that each row comes to from the tile of its number by those behind it, to the row's sums, which are
    /// `step` apart.
    fn add_chains<N: Leaf>(chains: &Chains<'_, N>, sums: &mut [N], step: usize);
}

impl Bytes for u8x16 {
    const COUNT: usize = 16;

    #[inline(always)]
    fn splat(byte: u8) -> Self {
        Self::splat(byte)
    }

    #[inline(always)]
    fn load(line: &Line, place: usize) -> Self {
        line.load(place)
    }

    #[inline(always)]
    fn store(self, line: &mut Line, place: usize) {
        line.store(place, self);
    }

    #[inline(always)]
    fn above(self, other: Self) -> Self {
        bytemuck::cast(bytemuck::cast::<_, i8x16>(self).simd_gt(bytemuck::cast::<_, i8x16>(other)))
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self::min(self, other)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self::max(self, other)
    }

    #[inline(always)]
    fn equal(self, other: Self) -> Self {
        self.simd_eq(other)
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn look_up(self, table: &[u8; 16]) -> Self {
        Self::new(*table).shuffle_zeroing(self)
    }

    #[inline(always)]
    fn add_to([lowest, second, third, highest]: [Self; 4], sums: &mut [f32; LANES], place: usize) {
        let sums = &mut sums.as_chunks_mut::<16>().0[place];
        // Interleaving twice puts the four bytes of each number together.
        let halves = |one, other| [Self::unpack_low(one, other), Self::unpack_high(one, other)];
        let (even, odd) = (halves(lowest, third), halves(second, highest));
        let numbers: [f32x4; 4] = bytemuck::cast([halves(even[0], odd[0]), halves(even[1], odd[1])]);
        let mut now: [f32x4; 4] = bytemuck::cast(*sums);
        for (now, numbers) in now.iter_mut().zip(numbers) {
            *now += numbers;
        }
        *sums = bytemuck::cast(now);
    }

    #[inline(always)]
    fn add_few(planes: &[[[u8; CHUNK]; 4]; TREES], roots: [&Line; TREES], sums: &mut [f32; LANES]) {
        // Of eight leaves two bytes fit into one table: two shuffles for each half of the rows, where a table of each byte takes four.
        let halves = |one: [u8; CHUNK], other: [u8; CHUNK]| -> Self {
            let (one, other): ([u64; 2], [u64; 2]) = (bytemuck::cast(one), bytemuck::cast(other));
            bytemuck::cast([one[0], other[0]])
        };
        let tables = planes.map(|[lowest, second, third, highest]| [halves(lowest, third), halves(second, highest)]);
        // Unknown to the compiler: wasm engines would make it anew in every turn.
        let eight = black_box(Self::splat(8));
        for (place, sums) in sums.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            let mut now: [f32x4; 4] = bytemuck::cast(*sums);
            for (root, [even, odd]) in roots.iter().zip(tables) {
                let numbers = root.load(place);
                let behind = numbers + eight;
                let pairs = [Self::unpack_low(numbers, behind), Self::unpack_high(numbers, behind)];
                for (pair, now) in pairs.into_iter().zip(now.as_chunks_mut::<2>().0) {
                    let (even, odd) = (even.shuffle_zeroing(pair), odd.shuffle_zeroing(pair));
                    now[0] += bytemuck::cast::<Self, f32x4>(Self::unpack_low(even, odd));
                    now[1] += bytemuck::cast::<Self, f32x4>(Self::unpack_high(even, odd));
                }
            }
            *sums = bytemuck::cast(now);
        }
    }

    #[inline(always)]
    fn add_tiles<N: Leaf>(
        tiles: [&[Tile; MOST_LEAVES]; TREES],
        numbers: [&[i8; LANES]; TREES],
        rows: Rows<'_>,
        leaves: &[N],
        sums: &mut [N; LANES],
    ) {
        tiles::add(tiles, numbers, rows, leaves, sums);
    }

    #[inline(always)]
    fn add_chains<N: Leaf>(chains: &Chains<'_, N>, sums: &mut [N], step: usize) {
        tiles::add_chains(chains, sums, step);
    }
}

/// Floats, or whole numbers of as many bits.
pub(crate) trait Numbers: Copy {
    /// Four vectors of these are one of bytes.
    type Bytes: Bytes;
    /// What chooses one of four for each.
    type Choice: Copy;
    /// The whole number 0 everywhere.
    const ZERO: Self;
    /// The same float everywhere.
    fn splat(float: f32) -> Self;
    /// The `place`th four vectors of 128 floats.
    fn load(floats: &[f32; LANES], place: usize) -> [Self; 4];
    /// -1 where a float is at most the other, else 0.
    fn at_most(self, other: Self) -> Self;
    /// The sum of each two bytes, wrapping around.
    fn plus_bytes(self, other: Self) -> Self;
    /// The difference of each two whole numbers.
    fn minus(self, other: Self) -> Self;
    /// What chooses the first where every byte is 0, the second where it is -1, and so on.
    fn choice(self) -> Self::Choice;
    /// One of four floats, or whole numbers, for each.
    fn choose(choice: Self::Choice, four: &[f32; 4]) -> Self;
    /// The lowest bytes of whole numbers from 0 to 255, with their highest bits turned over.
    fn biased(numbers: [Self; 4]) -> Self::Bytes;
}

/// Four floats, or whole numbers.
#[derive(Clone, Copy)]
pub(crate) struct Four(i32x4);

impl Numbers for Four {
    type Bytes = u8x16;
    type Choice = u8x16;
    const ZERO: Self = Self(i32x4::ZERO);

    #[inline(always)]
    fn splat(float: f32) -> Self {
        Self(bytemuck::cast(f32x4::splat(float)))
    }

    #[inline(always)]
    fn load(floats: &[f32; LANES], place: usize) -> [Self; 4] {
        let four: [i32x4; 4] = bytemuck::cast(floats.as_chunks::<16>().0[place]);
        four.map(Self)
    }

    #[inline(always)]
    fn at_most(self, other: Self) -> Self {
        Self(bytemuck::cast(bytemuck::cast::<_, f32x4>(self.0).simd_le(bytemuck::cast::<_, f32x4>(other.0))))
    }

    #[inline(always)]
    fn plus_bytes(self, other: Self) -> Self {
        Self(bytemuck::cast(bytemuck::cast::<_, u8x16>(self.0) + bytemuck::cast::<_, u8x16>(other.0)))
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    #[inline(always)]
    fn choice(self) -> u8x16 {
        // Four times each byte is the way to those of its choice.
        let passed: u8x16 = bytemuck::cast(self.0);
        let twice = passed + passed;
        u8x16::new([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]) - (twice + twice)
    }

    #[inline(always)]
    fn choose(choice: u8x16, four: &[f32; 4]) -> Self {
        Self(bytemuck::cast(choice.look_up(&bytemuck::cast(*four))))
    }

    #[inline(always)]
    fn biased(numbers: [Self; 4]) -> u8x16 {
        let [low, high]: [i32x8; 2] = bytemuck::cast(numbers.map(|four| four.0));
        u8x16::narrow_i16x8(i16x8::from_i32x8_saturate(low), i16x8::from_i32x8_saturate(high)) ^ u8x16::splat(0x80)
    }
}
