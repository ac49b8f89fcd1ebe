internal import Numerics

/// Changes of training pictures that leave their class as it is.
public struct Augmentation: Sendable, Hashable {
    /// The farthest shift in either direction, in pixels; what moves in is black.
    public let shift: Int
    /// Whether half of the pictures are turned left to right.
    public let mirrors: Bool
    /// The side of a square that is blackened at a random place; 0 for none (cutout: DeVries and Taylor, 2017).
    public let cutout: Int

    public init(shift: Int, mirrors: Bool, cutout: Int) {
        (self.shift, self.mirrors, self.cutout) = (shift, mirrors, cutout)
    }

    /// What is done to one picture.
    struct Change {
        let dx: Int
        let dy: Int
        let isMirrored: Bool
        let cutout: Int
        /// The corner of the black square; may lie outside.
        let left: Int
        let top: Int
    }

    /// Draws the change of a picture of `width` × `height` pixels.
    func draw(width: Int, height: Int, using random: inout SeededGenerator) -> Change {
        let dx = shift > 0 ? Int.random(in: -shift...shift, using: &random) : 0
        let dy = shift > 0 ? Int.random(in: -shift...shift, using: &random) : 0
        let isMirrored = mirrors && random.next() & 1 == 1
        let left = cutout > 0 ? Int.random(in: 0..<width, using: &random) - cutout / 2 : 0
        let top = cutout > 0 ? Int.random(in: 0..<height, using: &random) - cutout / 2 : 0
        return Change(dx: dx, dy: dy, isMirrored: isMirrored, cutout: cutout, left: left, top: top)
    }
}

extension Augmentation.Change {
    /// Writes a changed copy of a picture of `width` × `height` pixels to `target`, from `start`.
    func apply(
        to source: Span<UInt8>, width: Int, height: Int, into target: inout MutableSpan<UInt8>, at start: Int
    ) {
        for y in 0..<height {
            let row = y + dy
            for x in 0..<width {
                let column = (isMirrored ? width - 1 - x : x) + dx
                let isInside = row >= 0 && row < height && column >= 0 && column < width
                target[start + y * width + x] = isInside ? source[row * width + column] : 0
            }
        }
        guard cutout > 0 else { return }
        for y in max(0, top)..<min(height, top + cutout) {
            for x in max(0, left)..<min(width, left + cutout) { target[start + y * width + x] = 0 }
        }
    }
}
