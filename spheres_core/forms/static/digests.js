// MD5 (RFC 1321) and SHA-1, SHA-256, SHA-384 and SHA-512 (FIPS 180-4) of bytes. The browser's own are not for use while a
// rule is evaluated: they answer later. Nothing here protects anything; forms only name things by them.

const PRIMES = [];
for (let candidate = 2; PRIMES.length < 80; candidate += 1) {
  if (PRIMES.every((prime) => candidate % prime !== 0)) PRIMES.push(candidate);
}

// The first bits after the point of a root of a prime.
function rootBits(prime, degree, bits) {
  const shifted = BigInt(prime) << BigInt(bits * degree);
  let [low, high] = [0n, 1n << BigInt(bits + 5)];
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(degree) <= shifted) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << BigInt(bits)) - 1n);
}

const once = (make) => {
  let made;
  return () => (made ??= make());
};

const roots32 = once(() => PRIMES.slice(0, 64).map((prime) => rootBits(prime, 3, 32)));
const roots64 = once(() => PRIMES.map((prime) => rootBits(prime, 3, 64)));

function padding(bytes, block, lengthBytes, littleEndian) {
  const padded = [...bytes, 0x80];
  while (padded.length % block !== block - lengthBytes) padded.push(0);
  const length = numberBytes(BigInt(bytes.length * 8), lengthBytes);
  return [...padded, ...(littleEndian ? length.reverse() : length)];
}

function numberBytes(value, count) {
  return Array.from({ length: count }, (_, index) => Number((value >> BigInt(8 * (count - 1 - index))) & 255n));
}

function sha2(bytes, bits, roots, begin, [a, b, c, d, e, f], kept) {
  const [wide, mask] = [BigInt(bits), (1n << BigInt(bits)) - 1n];
  const turn = (value, by) => ((value >> BigInt(by)) | (value << (wide - BigInt(by)))) & mask;
  const mixed = (value, turns) => turn(value, turns[0]) ^ turn(value, turns[1]) ^ turn(value, turns[2]);
  const small = (value, turns) => turn(value, turns[0]) ^ turn(value, turns[1]) ^ (value >> BigInt(turns[2]));
  const size = bits / 8;
  const data = padding(bytes, 16 * size, 2 * size, false);
  let state = begin;
  for (let start = 0; start < data.length; start += 16 * size) {
    const words = [];
    for (let index = 0; index < roots.length; index += 1) {
      if (index < 16) {
        const from = start + index * size;
        words.push(data.slice(from, from + size).reduce((word, byte) => (word << 8n) | BigInt(byte), 0n));
      } else {
        const [two, seven, fifteen, sixteen] = [2, 7, 15, 16].map((back) => words[index - back]);
        words.push((small(two, d) + seven + small(fifteen, c) + sixteen) & mask);
      }
    }
    let work = state;
    for (let index = 0; index < roots.length; index += 1) {
      const [p, q, r, s, t, u, v, w] = work;
      const one = w + mixed(t, b) + ((t & u) ^ (~t & mask & v)) + roots[index] + words[index];
      const two = mixed(p, a) + ((p & q) ^ (p & r) ^ (q & r));
      work = [(one + two) & mask, p, q, r, (s + one) & mask, t, u, v];
    }
    state = state.map((value, index) => (value + work[index]) & mask);
  }
  return state.flatMap((value) => numberBytes(value, e)).slice(0, kept ?? f);
}

const TURNS32 = [[2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10], 4, 32];
const TURNS64 = [[28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6], 8, 64];

const turned = (value, by) => (value << by) | (value >>> (32 - by));

function sha1(bytes) {
  const data = padding(bytes, 64, 8, false);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let start = 0; start < data.length; start += 64) {
    const words = [];
    for (let index = 0; index < 80; index += 1) {
      const from = start + index * 4;
      words.push(
        index < 16
          ? (data[from] << 24) | (data[from + 1] << 16) | (data[from + 2] << 8) | data[from + 3]
          : turned(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1),
      );
    }
    let [a, b, c, d, e] = state;
    for (let index = 0; index < 80; index += 1) {
      const mix = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][Math.floor(index / 20)];
      const key = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(index / 20)];
      [a, b, c, d, e] = [(turned(a, 5) + mix + e + key + words[index]) | 0, a, turned(b, 30), c, d];
    }
    state = state.map((value, index) => (value + [a, b, c, d, e][index]) | 0);
  }
  return state.flatMap((value) => numberBytes(BigInt(value >>> 0), 4));
}

const MD5_TURNS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const MD5_KEYS = once(() => Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0));

function md5(bytes) {
  const data = padding(bytes, 64, 8, true);
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let start = 0; start < data.length; start += 64) {
    const word = (index) => {
      const from = start + index * 4;
      return data[from] | (data[from + 1] << 8) | (data[from + 2] << 16) | (data[from + 3] << 24);
    };
    let [a, b, c, d] = state;
    for (let index = 0; index < 64; index += 1) {
      const round = Math.floor(index / 16);
      const mix = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
      const from = [index, (5 * index + 1) % 16, (3 * index + 5) % 16, (7 * index) % 16][round];
      const sum = (a + mix + MD5_KEYS()[index] + word(from)) | 0;
      [a, b, c, d] = [d, (b + turned(sum, MD5_TURNS[round][index % 4])) | 0, b, c];
    }
    state = state.map((value, index) => (value + [a, b, c, d][index]) | 0);
  }
  return state.flatMap((value) => numberBytes(BigInt(value >>> 0), 4).reverse());
}

const beginning = (primes, bits) => primes.map((prime) => rootBits(prime, 2, bits));

const ALGORITHMS = {
  MD5: md5,
  "SHA-1": sha1,
  "SHA-256": (bytes) => sha2(bytes, 32, roots32(), beginning(PRIMES.slice(0, 8), 32), TURNS32),
  "SHA-384": (bytes) => sha2(bytes, 64, roots64(), beginning(PRIMES.slice(8, 16), 64), TURNS64, 48),
  "SHA-512": (bytes) => sha2(bytes, 64, roots64(), beginning(PRIMES.slice(0, 8), 64), TURNS64),
};

export const digestBytes = (bytes, algorithm) => ALGORITHMS[algorithm](bytes);
