import Domain
import Foundation
import JSON
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Serving

@Suite struct ShelfBatchTests {
    private func batch(_ shop: TrainedShop, _ name: String) -> ShelfBatch {
        var call = RecommendCall(scenario: .home)
        call.limit = 5
        var batch = ShelfBatch(call: call, path: shop.folder.file(name))
        batch.partSize = 5
        return batch
    }

    private func lines(_ path: String) throws -> [JSONValue] {
        try FileSystem.read(path).split(separator: 10).map { try JSONValue(parsing: $0) }
    }

    @Test func `everybody gets a line, and the lists are those of a page`() throws {
        let shop = try TrainedShop()
        let batch = batch(shop, "all.jsonl")
        let summary = try shop.service.write(batch, resumes: false) { _, _ in }
        let lines = try lines(batch.path)
        #expect(summary.lines == TrainedShop.people && lines.count == TrainedShop.people)
        #expect(Set(lines.compactMap { $0["user"]?.stringValue }).count == TrainedShop.people)
        let pseudonym = try shop.shop.pseudonymiser().pseudonym(of: "person 3").rawValue
        let line = try #require(lines.first { $0["user"]?.stringValue == pseudonym })
        let page = try shop.shelf(.home, user: 3) { $0.limit = 5 }
        let items = line["items"]?.arrayValue ?? []
        #expect(items.compactMap { $0["id"]?.stringValue } == page.entries.map(\.card.item.id.rawValue))
        #expect(items.compactMap { $0["reason"]?.stringValue } == page.reasons)
        #expect(!FileSystem.exists(batch.path + ".parts"))
        #expect(try FileSystem.mode(of: batch.path) == 0o600)
    }

    /// What a kill leaves behind is the parts that were on disk: a copy of them is gone on with.
    @Test func `a run that was killed ends with the same bytes`() throws {
        let shop = try TrainedShop()
        var whole = batch(shop, "whole.jsonl")
        (whole.call.scenario, whole.call.limit) = (.buyAgain, 60)
        let parts = whole.path + ".parts"
        let killed = shop.folder.file("killed")
        _ = try shop.service.write(whole, resumes: false) { done, _ in
            if done == 10 { try? FileManager.default.copyItem(atPath: parts, toPath: killed) }  // Checked below.
        }
        let bytes = try FileSystem.read(whole.path)
        #expect(try FileSystem.names(in: killed) == ["000000000.jsonl", "000000005.jsonl", "start.json"])
        // Half a part under a temporary name counts for nothing, and neither does what people bought since.
        try Data("{".utf8).write(to: URL(filePath: killed + "/000000010.jsonl.77.tmp"))
        try FileManager.default.moveItem(atPath: killed, toPath: parts)
        try FileSystem.remove(whole.path)
        let late = #"{"event_id":"late","name":"purchase","user":"person 20","items":[{"item_id":"i59"}]}"#
        #expect(try shop.service.ingest([try JSONValue(parsing: late)]).accepted == 1)
        #expect(throws: ServingError.self) { try shop.service.write(whole, resumes: false) { _, _ in } }
        var other = whole
        other.call.limit = 59
        #expect(throws: ServingError.self) { try shop.service.write(other, resumes: true) { _, _ in } }
        #expect(!FileSystem.exists(whole.path))
        _ = try shop.service.write(whole, resumes: true) { _, _ in }
        #expect(try FileSystem.read(whole.path) == bytes)
        // A run from the beginning sees the purchase.
        _ = try shop.service.write(whole, resumes: true) { _, _ in }
        #expect(try FileSystem.read(whole.path) != bytes)
    }

    @Test func `people by the shop's own names, without those who opted out and those who were erased`() throws {
        let shop = try TrainedShop()
        var batch = batch(shop, "some.jsonl")
        batch.people = ["person 4", "person 2", "person 5", "nobody"]
        batch.optedOut = ["person 2"]
        _ = try shop.service.write(batch, resumes: false) { _, _ in }
        #expect(try lines(batch.path).compactMap { $0["user"]?.stringValue } == ["person 4", "person 5", "nobody"])
        _ = try shop.service.erase("person 4")
        batch = self.batch(shop, "rest.jsonl")
        let summary = try shop.service.write(batch, resumes: false) { _, _ in }
        #expect(summary.lines == TrainedShop.people - 1)
    }
}
