import Storage
import TestSupport
import Testing

@testable import Pictures

@Suite struct FashionMNISTTests {
    @Test func `a data set is read from its four files`() throws {
        let folder = try TemporaryFolder()
        try FashionFiles.write(to: folder.path)
        let data = try FashionMNIST(folder: folder.path)
        #expect(data.training.count == 200 && data.test.count == 50)
        #expect(data.test.pixels == FashionFiles.pictures(50, seed: 50).pixels)
    }

    @Test func `a file that is cut short is refused with its path, at any length`() throws {
        let folder = try TemporaryFolder()
        try FashionFiles.write(to: folder.path)
        let path = folder.file("train-labels-idx1-ubyte")
        let whole = try FileSystem.read(path)
        for count in [0, 3, 7, 8, 100, whole.count - 1] {
            try FashionFiles.write(Array(whole[..<count]), path)
            let error = #expect(throws: PictureError.self) { try FashionMNIST(folder: folder.path) }
            #expect(error?.code == .badData && error?.message.contains("/train-labels-idx1-ubyte") == true)
        }
    }

    @Test func `a compressed file that is cut short or damaged is refused`() throws {
        let source = FashionMNIST.folder + "/t10k-labels-idx1-ubyte.gz"
        guard FileSystem.exists(source) else { return }
        let folder = try TemporaryFolder()
        let whole = try FileSystem.read(source)
        #expect(try IDXFile(path: source, rank: 1).shape == [10_000])
        for count in [2, 12, 1000, whole.count - 1] {
            try FashionFiles.write(Array(whole[..<count]), folder.file("cut.gz"))
            #expect(throws: PictureError.self) { try IDXFile(path: folder.file("cut.gz"), rank: 1) }
        }
        var damaged = whole
        damaged[2000] ^= 0xFF
        try FashionFiles.write(damaged, folder.file("damaged.gz"))
        #expect(throws: PictureError.self) { try IDXFile(path: folder.file("damaged.gz"), rank: 1) }
    }

    @Test func `lengths beyond all bounds are refused`() throws {
        let folder = try TemporaryFolder()
        try FashionFiles.write([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), folder.file("huge"))
        #expect(throws: PictureError.self) { try IDXFile(path: folder.file("huge"), rank: 3) }
    }

    @Test func `labels beyond the classes and another number of labels are refused`() throws {
        let folder = try TemporaryFolder()
        try FashionFiles.write(to: folder.path)
        let path = folder.file("t10k-labels-idx1-ubyte")
        try FashionFiles.write(FashionFiles.idx([UInt8](repeating: 10, count: 50), shape: [50]), path)
        #expect(throws: PictureError.self) { try FashionMNIST(folder: folder.path) }
        try FashionFiles.write(FashionFiles.idx([UInt8](repeating: 1, count: 49), shape: [49]), path)
        #expect(throws: PictureError.self) { try FashionMNIST(folder: folder.path) }
    }

    @Test func `a folder without data is an error that says what to do`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: PictureError.self) { try FashionMNIST(named: folder.file("nowhere")) }
        #expect(error?.message.contains("dataset-fashion-mnist") == true)
    }
}
