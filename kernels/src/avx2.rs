//! What thirty-two bytes at a time do, on processors of x86-64 that have AVX2: nearly all that were sold since 2015.
//!
//! Everything here is called by functions that the compiler may use AVX2 in, and these after the processor was asked.

use std::arch::x86_64::*;

use crate::fold::{CHUNK, LANES, Line, MOST_LEAVES, TREES};
use crate::number::Leaf;
use crate::tiles::{Chains, Part, REACH, Rows, Tile};
use crate::vectors::{Bytes, Numbers};

/// Thirty-two bytes.
#[derive(Clone, Copy)]
pub(crate) struct ThirtyTwo(__m256i);

// SAFETY, of each: an instruction of AVX2, which the processor has, and which touches no memory.
#[allow(unsafe_code)]
impl Bytes for ThirtyTwo {
    const COUNT: usize = 32;

    #[inline(always)]
    fn splat(byte: u8) -> Self {
        Self(unsafe { _mm256_set1_epi8(byte as i8) })
    }

    #[inline(always)]
    fn load(line: &Line, place: usize) -> Self {
        Self(bytemuck::cast(line.0.as_chunks::<32>().0[place]))
    }

    #[inline(always)]
    fn store(self, line: &mut Line, place: usize) {
        line.0.as_chunks_mut::<32>().0[place] = bytemuck::cast(self.0);
    }

    #[inline(always)]
    fn above(self, other: Self) -> Self {
        Self(unsafe { _mm256_cmpgt_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(unsafe { _mm256_min_epu8(self.0, other.0) })
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(unsafe { _mm256_max_epu8(self.0, other.0) })
    }

    #[inline(always)]
    fn equal(self, other: Self) -> Self {
        Self(unsafe { _mm256_cmpeq_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(unsafe { _mm256_and_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(unsafe { _mm256_or_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn look_up(self, table: &[u8; 16]) -> Self {
        // A number from sixteen on gets its highest bit, where the instruction gives 0.
        Self(unsafe { _mm256_shuffle_epi8(twice(*table), _mm256_adds_epu8(self.0, _mm256_set1_epi8(0x70))) })
    }

    #[inline(always)]
    fn add_to([lowest, second, third, highest]: [Self; 4], sums: &mut [f32; LANES], place: usize) {
        let sums = &mut sums.as_chunks_mut::<32>().0[place];
        let mut now: [__m256; 4] = bytemuck::cast(*sums);
        let (even, odd) = (interleaved(lowest.0, third.0), interleaved(second.0, highest.0));
        let [one, two] = interleaved(even[0], odd[0]);
        let [three, four] = interleaved(even[1], odd[1]);
        // Each half of a vector was interleaved by itself.
        for (half, [low, high]) in [[one, two], [three, four]].into_iter().enumerate() {
            let lows = unsafe { _mm256_permute2x128_si256::<0x20>(low, high) };
            let highs = unsafe { _mm256_permute2x128_si256::<0x31>(low, high) };
            now[half] = unsafe { _mm256_add_ps(now[half], bytemuck::cast(lows)) };
            now[half + 2] = unsafe { _mm256_add_ps(now[half + 2], bytemuck::cast(highs)) };
        }
        *sums = bytemuck::cast(now);
    }

    #[inline(always)]
    fn add_few(planes: &[[[u8; CHUNK]; 4]; TREES], roots: [&Line; TREES], sums: &mut [f32; LANES]) {
        add_few(planes, roots, sums);
    }

    #[inline(always)]
    fn add_tiles<N: Leaf>(
        tiles: [&[Tile; MOST_LEAVES]; TREES],
        numbers: [&[i8; LANES]; TREES],
        rows: Rows<'_>,
        leaves: &[N],
        sums: &mut [N; LANES],
    ) {
        for (index, (row, sum)) in rows.single().iter().zip(sums).enumerate() {
            let four: [&Tile; TREES] =
                std::array::from_fn(|tree| &tiles[tree][usize::from(numbers[tree][index] as u8)]);
            let mut now = *sum;
            for (tile, answers) in four.iter().zip(unsafe { answers(four, row) }) {
                now += tile.leaf(answers, leaves);
            }
            *sum = now;
        }
    }

    #[inline(always)]
    fn add_chains<N: Leaf>(chains: &Chains<'_, N>, sums: &mut [N], step: usize) {
        unsafe { add_chains(chains, sums, step) }
    }
}

/// The leaves of four trees, of eight at most, eight rows at a time.
#[inline(always)]
#[allow(unsafe_code)]
fn add_few(planes: &[[[u8; CHUNK]; 4]; TREES], roots: [&Line; TREES], sums: &mut [f32; LANES]) {
    // No closures: the compiler may use AVX2 in none.
    let mut tables = [Eight::ZERO.floats(); TREES];
    for (table, [lowest, second, third, highest]) in tables.iter_mut().zip(planes) {
        let (lowest, second, third, highest) =
            (bytemuck::cast(*lowest), bytemuck::cast(*second), bytemuck::cast(*third), bytemuck::cast(*highest));
        // SAFETY: as of `ThirtyTwo`.
        unsafe {
            let (even, odd) = (_mm_unpacklo_epi8(lowest, third), _mm_unpacklo_epi8(second, highest));
            let halves = [_mm_unpacklo_epi8(even, odd), _mm_unpackhi_epi8(even, odd)];
            *table = bytemuck::cast(halves);
        }
    }
    for (place, sums) in sums.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let mut now: __m256 = bytemuck::cast(*sums);
        for (root, table) in roots.iter().zip(tables) {
            let eight: i64 = bytemuck::cast(root.0.as_chunks::<8>().0[place]);
            // SAFETY: likewise.
            unsafe {
                let numbers = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(eight));
                now = _mm256_add_ps(now, _mm256_permutevar8x32_ps(table, numbers));
            }
        }
        *sums = bytemuck::cast(now);
    }
}

// Not inlined, so that it has all registers.
#[inline(never)]
#[target_feature(enable = "avx2")]
fn add_chains<N: Leaf>(chains: &Chains<'_, N>, sums: &mut [N], step: usize) {
    for (index, row) in chains.rows.iter().enumerate() {
        let mut places = chains.first(index);
        loop {
            let tiles = chains.at(places);
            if chains.go_on(&mut places, answers(tiles, row), tiles, &mut sums[index..], step) {
                break;
            }
        }
    }
}

/// What the splits of four tiles answer.
#[inline]
#[target_feature(enable = "avx2")]
fn answers(tiles: [&Tile; TREES], row: &[Part]) -> [u8; TREES] {
    let mut columns = ThirtyTwo(bytemuck::cast(tiles.map(|tile| tile.columns)));
    let thresholds = ThirtyTwo(bytemuck::cast(tiles.map(|tile| tile.thresholds)));
    let shifts = ThirtyTwo(bytemuck::cast(tiles.map(|tile| tile.shifts)));
    let mut values = ThirtyTwo::splat(0);
    for part in row {
        for sixteen in part.as_chunks::<REACH>().0 {
            values = values.or(columns.look_up(&bytemuck::cast(*sixteen)));
            columns = columns.minus(ThirtyTwo::splat(REACH as u8));
        }
    }
    _mm256_movemask_epi8(values.minus(shifts).above(thresholds).0).to_le_bytes()
}

/// The bytes of two in turn, half by half.
#[inline(always)]
#[allow(unsafe_code)]
fn interleaved(one: __m256i, other: __m256i) -> [__m256i; 2] {
    // SAFETY: as above.
    unsafe { [_mm256_unpacklo_epi8(one, other), _mm256_unpackhi_epi8(one, other)] }
}

/// Sixteen bytes in both halves.
#[inline(always)]
#[allow(unsafe_code)]
fn twice(bytes: [u8; 16]) -> __m256i {
    // SAFETY: as above.
    unsafe { _mm256_broadcastsi128_si256(bytemuck::cast(bytes)) }
}

/// Eight floats, or whole numbers.
#[derive(Clone, Copy)]
pub(crate) struct Eight(__m256i);

impl Eight {
    #[inline(always)]
    fn floats(self) -> __m256 {
        bytemuck::cast(self.0)
    }
}

// SAFETY, of each: as of `ThirtyTwo`.
#[allow(unsafe_code)]
impl Numbers for Eight {
    type Bytes = ThirtyTwo;
    type Choice = __m256i;
    const ZERO: Self = Self(unsafe { std::mem::zeroed() });

    #[inline(always)]
    fn splat(float: f32) -> Self {
        Self(bytemuck::cast(unsafe { _mm256_set1_ps(float) }))
    }

    #[inline(always)]
    fn load(floats: &[f32; LANES], place: usize) -> [Self; 4] {
        let [one, two, three, four]: [__m256i; 4] = bytemuck::cast(floats.as_chunks::<32>().0[place]);
        [Self(one), Self(two), Self(three), Self(four)]
    }

    #[inline(always)]
    fn at_most(self, other: Self) -> Self {
        Self(bytemuck::cast(unsafe { _mm256_cmp_ps::<_CMP_LE_OQ>(self.floats(), other.floats()) }))
    }

    #[inline(always)]
    fn plus_bytes(self, other: Self) -> Self {
        Self(unsafe { _mm256_add_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(unsafe { _mm256_sub_epi32(self.0, other.0) })
    }

    #[inline(always)]
    fn choice(self) -> __m256i {
        // Of each number the lowest two bits choose.
        Self::ZERO.minus(self).0
    }

    #[inline(always)]
    fn choose(choice: __m256i, four: &[f32; 4]) -> Self {
        let four: __m256 = bytemuck::cast(twice(bytemuck::cast(*four)));
        Self(bytemuck::cast(unsafe { _mm256_permutevar_ps(four, choice) }))
    }

    #[inline(always)]
    fn biased([one, two, three, four]: [Self; 4]) -> ThirtyTwo {
        // Each half was narrowed by itself: its fours are put in their order again.
        let order = [0_u32, 4, 1, 5, 2, 6, 3, 7];
        ThirtyTwo(unsafe {
            let halves = [_mm256_packs_epi32(one.0, two.0), _mm256_packs_epi32(three.0, four.0)];
            let bytes = _mm256_packus_epi16(halves[0], halves[1]);
            let ordered = _mm256_permutevar8x32_epi32(bytes, bytemuck::cast(order));
            _mm256_xor_si256(ordered, _mm256_set1_epi8(i8::MIN))
        })
    }
}
