import Domain
import Evaluation
import Meaning
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct NetworkGuardTests {
    private let folder: TemporaryFolder
    private let workbench: Workbench

    init() throws {
        folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .eur)
        workbench = try Workbench(path: try ShopFolder.create(path: folder.file("corner"), config: config).path)
    }

    /// A network's folder that was right in so many of a hundred cases.
    private func network(
        _ name: String, right: Int, of count: Int = 100, keepsCases: Bool = true, from first: Int = 0
    ) throws -> String {
        let path = folder.file(name)
        var writer = try ArtefactWriter(folder: path, kind: "cnn", formatVersion: 1, creator: "test", seed: 1)
        if keepsCases {
            let cases = (0..<count).map { (key: UInt64($0 + first), value: $0 < right ? 1.0 : 0) }
            try writer.add(MeasuredCases.file, MeasuredCases(figure: "accuracy", cases).encoded)
        }
        _ = try writer.finish(metrics: ["accuracy": Double(right) / Double(count), "test_pictures": Double(count)])
        return path
    }

    /// Publishes a shop whose pictures were encoded by this network.
    private func serve(_ network: String) throws {
        let record = try NetworkMeasure.record(of: network)
        var writer = try ArtefactWriter(
            folder: workbench.picturesFolder + "/1", kind: PictureIndex.kind, formatVersion: PictureIndex.format,
            creator: "test", seed: nil)
        for (name, bytes) in record.files { try writer.add(name, bytes) }
        _ = try writer.finish(metrics: record.metrics)
        _ = try PublicationStore(folder: workbench.folder).publish(
            Publication(index: nil, models: [PictureIndex.kind: "models/pictures/1"], erasures: 0))
    }

    @Test func `a network that told the same cases worse than the one in service is refused unless it is allowed`()
        throws
    {
        try serve(try network("served", right: 90))
        let worse = try network("worse", right: 80)
        let error = #expect(throws: LearningError.self) {
            try workbench.check(worse, for: .pictures, allowsWorse: false)
        }
        #expect(error?.code == .worse)
        #expect(error?.message.contains("-0.1000, 95 % -0.1") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("on the same 100 test cases") == true)
        #expect(
            error?.message.contains("--picture-encoder") == true && error?.message.contains("--allow-worse") == true)
        var notes: [String] = []
        try workbench.check(worse, for: .pictures, allowsWorse: true) { notes.append($0) }
        #expect(notes.count == 1 && notes[0].hasSuffix("It is taken all the same."))
        let line = try #require(try AuditLog(store: workbench.store).newest(1).first)
        #expect(line.action == "index" && line.detail.contains("although accuracy is worse"))
    }

    @Test func `what is as good, better, or not told from it is taken`() throws {
        try serve(try network("served", right: 90))
        for right in [90, 89, 95] {
            var notes: [String] = []
            let other = try network("other\(right)", right: right)
            try workbench.check(other, for: .pictures, allowsWorse: false) { notes.append($0) }
            #expect(notes.count == 1 && notes[0].contains("is not worse"))
        }
    }

    @Test func `without common cases the shares decide, by how many cases there were`() throws {
        try serve(try network("served", right: 900, of: 1000, keepsCases: false))
        try workbench.check(try network("few", right: 16, of: 20), for: .pictures, allowsWorse: false)
        let many = try network("many", right: 800, of: 1000)
        let error = #expect(throws: LearningError.self) {
            try workbench.check(many, for: .pictures, allowsWorse: false)
        }
        #expect(error?.message.contains("on 1000 and 1000 test cases") == true)
    }

    @Test func `what was not measured is taken, and a shop that serves none takes all`() throws {
        try workbench.check(try network("first", right: 1), for: .pictures, allowsWorse: false)
        try serve(try network("served", right: 90))
        try FileSystem.makeFolder(folder.file("published"))
        try workbench.check(folder.file("published"), for: .pictures, allowsWorse: false)
    }

    @Test func `of several versions the newest is taken that is not worse than an older one`() throws {
        for (number, right) in [(1, 90), (2, 91), (9, 60), (10, 70)] { _ = try network("cnn/\(number)", right: right) }
        try FileSystem.makeFolder(folder.file("cnn/11.partial"))
        let parents = [folder.file("none"), folder.file("cnn")]
        #expect(try Workbench.bestModel(below: parents) == folder.file("cnn/2"))
        #expect(try Workbench.bestModel(below: [folder.file("none")]) == nil)
    }

    @Test func `the base of a tuned encoder that was better does not come back unasked`() throws {
        try FileSystem.makeFolder(folder.file("minilm"))
        try AtomicFile.write(Array("weights".utf8), to: folder.file("minilm/model.safetensors"))
        let writer = try ArtefactWriter(
            folder: workbench.meaningFolder + "/1", kind: MeaningIndex.kind, formatVersion: MeaningIndex.format,
            creator: "test", seed: nil)
        _ = try writer.finish(
            metrics: ["better": 1], inputs: ["base": try SHA256.hex(ofFile: folder.file("minilm/model.safetensors"))])
        _ = try PublicationStore(folder: workbench.folder).publish(
            Publication(index: nil, models: [MeaningIndex.kind: "models/meaning/1"], erasures: 0))
        let error = #expect(throws: LearningError.self) {
            try workbench.check(folder.file("minilm"), for: .meaning, allowsWorse: false)
        }
        #expect(error?.message.contains("began as it") == true && error?.message.contains("--encoder") == true)
        try AtomicFile.write(Array("others".utf8), to: folder.file("minilm/model.safetensors"))
        try workbench.check(folder.file("minilm"), for: .meaning, allowsWorse: false)
    }
}
