/// Grey pictures of one size with a class each.
public struct PictureSet: Sendable {
    public let height: Int
    public let width: Int
    /// Picture after picture, row by row; 0 is black.
    public let pixels: [UInt8]
    public let labels: [UInt8]
    public let classes: [String]

    public init(height: Int, width: Int, pixels: [UInt8], labels: [UInt8], classes: [String]) {
        precondition(pixels.count == labels.count * height * width, "each label has a picture of height × width")
        (self.height, self.width, self.pixels, self.labels, self.classes) = (height, width, pixels, labels, classes)
    }

    public var count: Int { labels.count }
    public var pixelCount: Int { height * width }

    /// The pictures with these numbers, in this order.
    public func subset(_ numbers: [Int]) -> PictureSet {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(numbers.count * pixelCount)
        for number in numbers { chosen += pixels[number * pixelCount..<(number + 1) * pixelCount] }
        return PictureSet(
            height: height, width: width, pixels: chosen, labels: numbers.map { labels[$0] }, classes: classes)
    }
}
