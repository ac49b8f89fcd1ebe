import Domain
import Encoders
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct EncoderGuardTests {
    private func write(_ folder: String, kind: String = SentenceEncoder.tunedKind, better: Double?) throws {
        var writer = try ArtefactWriter(
            folder: folder, kind: kind, formatVersion: SentenceEncoder.tunedFormat,
            creator: "test", seed: 1)
        try writer.add("card.md", Array("card".utf8))
        _ = try writer.finish(metrics: better.map { [SentenceEncoder.betterMetric: $0] } ?? [:])
    }

    @Test func `an encoder that was not measured to be better is taken only if one asks for it`() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("better"), better: 1)
        try Workbench.checkEncoder(folder.file("better"), allowsWorse: false)
        for (name, figure) in [("same", 0.0), ("unmeasured", nil)] {
            try write(folder.file(name), better: figure)
            let error = #expect(throws: LearningError.self) {
                try Workbench.checkEncoder(folder.file(name), allowsWorse: false)
            }
            #expect(error?.code == .unusable)
            try Workbench.checkEncoder(folder.file(name), allowsWorse: true)
        }
        // Weights as their publishers give them have no manifest.
        try FileSystem.makeFolder(folder.file("published"))
        try Workbench.checkEncoder(folder.file("published"), allowsWorse: false)
    }

    @Test func `a folder that is no cross-encoder, or one that is not better, is not taken into a shop`() throws {
        let folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .eur)
        let shop = try ShopFolder.create(path: folder.file("corner"), config: config)
        let workbench = try Workbench(path: shop.path)
        try write(folder.file("encoder"), better: 1)
        #expect(throws: StorageError.self) {
            try workbench.takeReranker(folder.file("encoder"), allowsWorse: true)
        }
        try write(folder.file("worse"), kind: CrossEncoder.kind, better: 0)
        let error = #expect(throws: LearningError.self) {
            try workbench.takeReranker(folder.file("worse"), allowsWorse: false)
        }
        #expect(error?.description.contains("--reranker") == true)
    }

    @Test func `a changed encoder is refused, whatever one asks for`() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("changed"), better: 1)
        try AtomicFile.write(Array("Card".utf8), to: folder.file("changed") + "/card.md")
        #expect(throws: StorageError.self) {
            try Workbench.checkEncoder(folder.file("changed"), allowsWorse: true)
        }
    }
}
