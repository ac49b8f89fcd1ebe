internal import Storage

/// 60,000 pictures of clothes for training and 10,000 for testing, in ten classes (Xiao, Rasul and Vollgraf, 2017).
///
/// The authors made them from a shop's photographs: shrunk to 28 × 28 grey pixels, and negated, light on black.
public struct FashionMNIST: Sendable {
    public static let name = "fashion-mnist"
    /// Where Debian's package puts it.
    public static let folder = "/usr/share/datasets/fashion-mnist"
    public static let classes = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]

    public let training: PictureSet
    public let test: PictureSet

    /// Reads the set that a command line names: `fashion-mnist` for Debian's, or a folder with files of the same names.
    public init(named data: String) throws {
        let source = data == Self.name ? Self.folder : data
        guard FileSystem.exists(source) else {
            throw PictureError(
                .badData,
                "There is no \(source). Install Debian's dataset-fashion-mnist, or name a folder with its files.")
        }
        try self.init(folder: source)
    }

    /// - Parameter folder: A folder with the four IDX files under their usual names, compressed or not.
    public init(folder: String = folder) throws {
        training = try Self.read(folder, "train")
        test = try Self.read(folder, "t10k")
    }

    private static func read(_ folder: String, _ part: String) throws -> PictureSet {
        let pictures = try IDXFile(path: path(folder, part + "-images-idx3-ubyte"), rank: 3)
        let labels = try IDXFile(path: path(folder, part + "-labels-idx1-ubyte"), rank: 1)
        guard labels.shape[0] == pictures.shape[0], labels.shape[0] > 0 else {
            throw PictureError(
                .badData, "\(folder): \(pictures.shape[0]) pictures of \(part) have \(labels.shape[0]) labels.")
        }
        guard pictures.shape[1] == 28, pictures.shape[2] == 28, labels.bytes.allSatisfy({ $0 < classes.count }) else {
            throw PictureError(.badData, "\(folder): \(part) is not of 28 × 28 pixels in ten classes.")
        }
        return PictureSet(
            height: 28, width: 28, pixels: Array(pictures.bytes), labels: Array(labels.bytes), classes: classes)
    }

    private static func path(_ folder: String, _ name: String) -> String {
        let packed = folder + "/" + name + ".gz"
        return FileSystem.exists(packed) ? packed : folder + "/" + name
    }
}
