extension GreyPicture {
    /// Pixels nearer to the ground than this are taken for it.
    private static let groundTolerance: UInt8 = 20

    /// The picture as the pictures of Fashion-MNIST are made: light on black, cut to what it shows, its longer side scaled to
    /// `side` with the aspect kept, in the middle of a black square.
    ///
    /// A picture whose edge is light on average is negated. One that has this size already is not cut.
    ///
    /// - Complexity: O(pixels).
    public func framed(side: Int) -> GreyPicture {
        let light = isLightAtEdge ? negative : self
        if width == side, height == side { return light }
        let (columns, rows) = light.content
        let scale = Double(side) / Double(max(columns.count, rows.count))
        let (width, height) = (
            max(1, min(side, Int((Double(columns.count) * scale).rounded()))),
            max(1, min(side, Int((Double(rows.count) * scale).rounded())))
        )
        let small = light.scaled(columns, rows, width: width, height: height)
        var framed = [UInt8](repeating: 0, count: side * side)
        let (left, top) = ((side - width) / 2, (side - height) / 2)
        for row in 0..<height {
            for column in 0..<width { framed[(top + row) * side + left + column] = small[row * width + column] }
        }
        return GreyPicture(width: side, height: side, pixels: framed)
    }

    private var isLightAtEdge: Bool {
        var (sum, count) = (0, 0)
        for row in 0..<height {
            let isEdge = row == 0 || row == height - 1
            for column in stride(from: 0, to: width, by: isEdge ? 1 : max(1, width - 1)) {
                sum += Int(pixels[row * width + column])
                count += 1
            }
        }
        return sum > 127 * count
    }

    /// The smallest rectangle with all that is lighter than the ground; everything if nothing is.
    private var content: (columns: Range<Int>, rows: Range<Int>) {
        var (left, right, top, bottom) = (width, -1, height, -1)
        for row in 0..<height {
            for column in 0..<width where pixels[row * width + column] > Self.groundTolerance {
                (left, right) = (min(left, column), max(right, column))
                (top, bottom) = (min(top, row), max(bottom, row))
            }
        }
        return right < 0 ? (0..<width, 0..<height) : (left..<right + 1, top..<bottom + 1)
    }

    /// A part of the picture at another size: each pixel is the mean of the area that it covers.
    private func scaled(_ columns: Range<Int>, _ rows: Range<Int>, width: Int, height: Int) -> [UInt8] {
        let across = Self.shares(columns, width)
        let down = Self.shares(rows, height)
        var result: [UInt8] = []
        result.reserveCapacity(width * height)
        for vertical in down {
            for horizontal in across {
                var (sum, area) = (0.0, 0.0)
                for (row, tall) in vertical {
                    for (column, wide) in horizontal {
                        sum += Double(pixels[row * self.width + column]) * tall * wide
                        area += tall * wide
                    }
                }
                result.append(UInt8(min(255, (sum / area).rounded())))
            }
        }
        return result
    }

    /// For each new cell: which old ones it covers, and how much of each.
    private static func shares(_ range: Range<Int>, _ count: Int) -> [[(place: Int, share: Double)]] {
        let step = Double(range.count) / Double(count)
        return (0..<count).map { cell in
            let (start, end) = (Double(cell) * step, Double(cell + 1) * step)
            let last = min(range.count, max(Int(start) + 1, Int(end.rounded(.up))))
            return (Int(start)..<last).map { place in
                let share = min(end, Double(place + 1)) - max(start, Double(place))
                return (range.lowerBound + place, max(share, 1e-9))
            }
        }
    }
}
