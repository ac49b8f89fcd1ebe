import Numerics
import Pictures
import Testing

@testable import NeuralModels

@Suite struct DataTests {
    @Test func `augmentation shifts, mirrors and blackens, and nothing else`() {
        let source: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        var random = SeededGenerator(seed: 2)
        func changed(_ augmentation: Augmentation) -> [UInt8] {
            var target = [UInt8](repeating: 99, count: 9)
            var span = target.mutableSpan
            augmentation.draw(width: 3, height: 3, using: &random)
                .apply(to: source.span, width: 3, height: 3, into: &span, at: 0)
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
