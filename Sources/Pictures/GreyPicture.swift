/// A picture of grey pixels.
public struct GreyPicture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// Row by row, shape `[height, width]`; 0 is black.
    public let pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height, "a picture has width × height pixels")
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// Light for dark.
    public var negative: GreyPicture {
        GreyPicture(width: width, height: height, pixels: pixels.map { 255 - $0 })
    }
}
