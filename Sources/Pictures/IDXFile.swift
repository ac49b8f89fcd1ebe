/// An array of bytes with its shape, in the format of the MNIST family of data sets: big-endian lengths, then the bytes.
struct IDXFile {
    let shape: [Int]
    let bytes: ArraySlice<UInt8>

    /// Reads a file of bytes with `rank` axes, compressed or not.
    init(path: String, rank: Int) throws {
        let content = try GzipFile.read(path)
        guard content.count >= 4 + 4 * rank, content.starts(with: [0, 0, 8, UInt8(rank)]) else {
            throw PictureError(.badData, "\(path) is no IDX file of bytes with \(rank) axes. Check the path.")
        }
        shape = (0..<rank).map { axis in
            content[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
        }
        bytes = content[(4 + 4 * rank)...]
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { throw PictureError(.badData, "\(path): its shape \(shape) is beyond all bounds.") }
            count = product
        }
        guard bytes.count == count else {
            throw PictureError(
                .badData,
                "\(path) has \(bytes.count) bytes where its shape \(shape) needs \(count): it is cut short or damaged. "
                    + "Get the data set again.")
        }
    }
}
