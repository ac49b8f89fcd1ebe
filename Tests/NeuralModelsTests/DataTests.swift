import Foundation
import Numerics
import Storage
import TestSupport
import Testing

@testable import NeuralModels

@Suite struct DataTests {
    @Test func `a data set is read from its four files`() throws {
        let folder = try TemporaryFolder()
        try TinyPictures.writeDataSet(folder.path)
        let data = try FashionMNIST(folder: folder.path)
        #expect(data.training.count == 200 && data.test.count == 50)
        #expect(data.test.pixels == TinyPictures.make(50, seed: 50, side: 28).pixels)
    }

    @Test func `a file that is cut short is refused with its path, at any length`() throws {
        let folder = try TemporaryFolder()
        try TinyPictures.writeDataSet(folder.path)
        let path = folder.file("train-labels-idx1-ubyte")
        let whole = try FileSystem.read(path)
        for count in [0, 3, 7, 8, 100, whole.count - 1] {
            try TinyPictures.write(Array(whole[..<count]), path)
            let error = #expect(throws: NeuralError.self) { try FashionMNIST(folder: folder.path) }
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
            try TinyPictures.write(Array(whole[..<count]), folder.file("cut.gz"))
            #expect(throws: NeuralError.self) { try IDXFile(path: folder.file("cut.gz"), rank: 1) }
        }
        var damaged = whole
        damaged[2000] ^= 0xFF
        try TinyPictures.write(damaged, folder.file("damaged.gz"))
        #expect(throws: NeuralError.self) { try IDXFile(path: folder.file("damaged.gz"), rank: 1) }
    }

    @Test func `lengths beyond all bounds are refused`() throws {
        let folder = try TemporaryFolder()
        try TinyPictures.write([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), folder.file("huge"))
        #expect(throws: NeuralError.self) { try IDXFile(path: folder.file("huge"), rank: 3) }
    }

    @Test func `labels beyond the classes and another number of labels are refused`() throws {
        let folder = try TemporaryFolder()
        try TinyPictures.writeDataSet(folder.path)
        let path = folder.file("t10k-labels-idx1-ubyte")
        try TinyPictures.write(TinyPictures.idx([UInt8](repeating: 10, count: 50), shape: [50]), path)
        #expect(throws: NeuralError.self) { try FashionMNIST(folder: folder.path) }
        try TinyPictures.write(TinyPictures.idx([UInt8](repeating: 1, count: 49), shape: [49]), path)
        #expect(throws: NeuralError.self) { try FashionMNIST(folder: folder.path) }
    }

    @Test func `augmentation shifts, mirrors and blackens, and nothing else`() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        var random = SeededGenerator(seed: 2)
        func changed(_ augmentation: Augmentation) -> [UInt8] {
            var target = [UInt8](repeating: 99, count: 9)
            var span = target.mutableSpan
            augmentation.apply(to: source.span, width: 3, height: 3, into: &span, at: 0, using: &random)
            return target
        }
        #expect(changed(Augmentation(shift: 0, mirrors: false, cutout: 0)) == source)
        let mirrored = Set((0..<20).map { _ in changed(Augmentation(shift: 0, mirrors: true, cutout: 0)) })
        #expect(mirrored == [source, [3, 2, 1, 6, 5, 4, 9, 8, 7]])
        let shifted = Set((0..<200).map { _ in changed(Augmentation(shift: 1, mirrors: false, cutout: 0)) })
        #expect(shifted.count == 9 && shifted.contains([0, 0, 0, 0, 1, 2, 0, 4, 5]))
        let cut = (0..<50).map { _ in changed(Augmentation(shift: 0, mirrors: false, cutout: 1)) }
        #expect(cut.allSatisfy { zip($0, source).count { $0 != $1 } == 1 })
    }

    @Test func `held-out pictures are the same for every seed and in no training`() {
        let (training, heldOut) = PictureJob.split(TinyPictures.make(100, seed: 1))
        #expect(training.count == 80 && heldOut.count == 20)
        #expect(PictureJob.split(TinyPictures.make(100, seed: 1)).heldOut.pixels == heldOut.pixels)
    }
}
