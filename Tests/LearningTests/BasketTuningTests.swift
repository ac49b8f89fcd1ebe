import Domain
import Features
import Foundation
import JSON
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct BasketTuningTests {
    private let shop: GrocerShop

    init() throws { shop = try GrocerShop() }

    private func request(
        _ name: String, model: String = "personal", trials: Int, _ windows: BasketWindows = BasketWindows()
    ) -> ModelTuner.Request {
        var request = ModelTuner.Request(.shop(shop.path, windows), log: shop.folder.file(name + ".jsonl"))
        (request.model, request.trials, request.method) = (model, trials, .random)
        return request
    }

    private func run(_ request: ModelTuner.Request) throws -> JSONValue {
        try JSONValue(parsing: try ModelTuner.run(request) { _, _ in })
    }

    /// What a log says but for the time it took.
    private func lines(_ request: ModelTuner.Request) throws -> [String] {
        try String(contentsOfFile: request.log, encoding: .utf8).split(separator: "\n")
            .map { String($0).replacing(/"seconds":[^,}]*/, with: "") }
    }

    @Test func `a search in a shop's past is in three windows a week apart, and goes on where it stopped`() throws {
        let whole = request("whole", trials: 12)
        let result = try run(whole)
        #expect(result["stopped_by"] == .string("trials") && result["trials"] == .integer(12))
        let best = try #require(result["validation_ndcg@10"]?.doubleValue)
        #expect(best >= (result["shipped_validation_ndcg@10"]?.doubleValue ?? 1) && best > 0.3)
        let header = try JSONValue(parsing: try lines(whole)[0])
        // The last purchase is on the seventh day of the sixteenth week.
        let last = GrocerShop.day(ofWeek: 15).adding(days: 6)
        #expect(
            header["cuts"]
                == .array([21, 14, 7].map { .string(last.adding(days: -$0).dateDescription) }))
        var part = request("part", trials: 5)
        _ = try run(part)
        part.trials = 12
        #expect(try run(part) == result && lines(part) == lines(whole))
    }

    @Test func `trials that do worse than most in the first windows end early, and never win`() throws {
        let pruned = request("pruned", trials: 30)
        let result = try run(pruned)
        let trials = try lines(pruned).dropFirst().map { try JSONValue(parsing: $0.replacing(",,", with: ",")) }
        let early = trials.filter { $0["pruned"] == .bool(true) }
        #expect(!early.isEmpty && early.count < 25 && result["pruned"] == .integer(Int64(early.count)))
        #expect(early.allSatisfy { ($0["windows"]?.arrayValue?.count ?? 3) < 3 })
        let complete = trials.filter { $0["pruned"] == nil }.compactMap { $0["score"]?.doubleValue }
        #expect(complete.max() == result["validation_ndcg@10"]?.doubleValue)
        var all = request("all", trials: 30)
        all.prunes = false
        #expect(try run(all)["pruned"] == .integer(0))
        // What was measured of a trial is the same with and without.
        let first = try lines(all).dropFirst().map { try JSONValue(parsing: $0.replacing(",,", with: ",")) }
        for (one, other) in zip(trials, first) {
            let (own, full) = (one["windows"]?.arrayValue ?? [], other["windows"]?.arrayValue ?? [])
            #expect(Array(full.prefix(own.count)) == own && full.count == 3)
        }
    }

    @Test(arguments: [1, 3]) func `the number of jobs decides which trials a trial is compared with`(_ jobs: Int) throws
    {
        var (once, again) = (request("once", trials: 14), request("again", trials: 6))
        (once.jobs, again.jobs) = (jobs, jobs)
        _ = try run(once)
        _ = try run(again)
        again.trials = 14
        _ = try run(again)
        #expect(try lines(once) == lines(again))
    }

    @Test func `a search ends when nothing got better for long enough`() throws {
        var request = request("patience", trials: 200)
        request.patience = 6
        let result = try run(request)
        #expect(result["stopped_by"] == .string("patience"))
        let trials = try lines(request).dropFirst().map { try JSONValue(parsing: $0.replacing(",,", with: ",")) }
        let best = trials.indices.filter { trials[$0]["pruned"] == nil }
            .max { (trials[$0]["score"]?.doubleValue ?? 0, $1) < (trials[$1]["score"]?.doubleValue ?? 0, $0) }
        #expect(trials.count < 200 && trials.count - 1 - (best ?? 0) == 6)
        #expect(try run(request) == result)
    }

    @Test func `the best parameters train a shop's models, and the manifest keeps them`() throws {
        var request = request("blend", model: "blend", trials: 6)
        request.best = shop.folder.file("best.json")
        request.report = shop.folder.file("report.html")
        let result = try run(request)
        let page = try String(contentsOfFile: shop.folder.file("report.html"), encoding: .utf8)
        #expect(page.contains("neighbour_weight") && page.contains("next baskets of Corner"))
        let parameters = try ParameterFile(path: shop.folder.file("best.json"))
        let trained = try shop.workbench.train(before: nil, parameters: parameters, progress: { _, _ in })
        let folder = "\(shop.workbench.folder.modelsFolder)/recommenders/\(try #require(trained.first).version)"
        let model = try RankedBasketModel(loading: folder)
        let set = try shop.workbench.trainingSet(before: nil)
        var tuned = set
        parameters.apply(to: &tuned.parameters)
        let context = tuned.context(of: set.log.activeUserNumbers.first)
        #expect(model.blend.columns().encoded() == NextBasketModel.train(tuned).columns().encoded())
        #expect(
            model.blend.candidates(for: context, limit: 9)
                == NextBasketModel.train(tuned).candidates(for: context, limit: 9))
        let manifest = try Artefact(folder: folder, verify: .checksums).manifest
        let kept = try JSONValue(parsing: try #require(manifest.inputs["parameters"]))
        #expect(kept["models"]?["blend"] == result["parameters"])
        let plain = try shop.workbench.train(before: nil, progress: { _, _ in })
        let other = try Artefact(
            folder: "\(shop.workbench.folder.modelsFolder)/recommenders/\(plain[0].version)", verify: .sizes)
        #expect(other.manifest.inputs["parameters"] == nil)
    }

    @Test func `nothing from a day on is read if that is asked for`() throws {
        var windows = BasketWindows()
        windows.end = GrocerShop.day(ofWeek: 12)
        let early = request("early", trials: 2, windows)
        _ = try run(early)
        let header = try JSONValue(parsing: try lines(early)[0])
        let dates = header["cuts"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(dates.last == GrocerShop.day(ofWeek: 12).adding(days: -8).dateDescription)
        windows.cuts = [GrocerShop.day(ofWeek: 13)]
        #expect(throws: LearningError.self) { try run(request("late", trials: 2, windows)) }
    }

    @Test func `what cannot be searched is refused in clear words`() throws {
        func message(_ request: ModelTuner.Request) throws -> String {
            try #require(#expect(throws: LearningError.self) { try run(request) }).message
        }
        #expect(try message(request("a", model: "oracle", trials: 2)).contains("blend"))
        var windows = BasketWindows()
        windows.cuts = [Timestamp(year: 2031, month: 1, day: 1)]
        #expect(try message(request("b", trials: 2, windows)).contains("purchases run from 2025-01-06 to 2025-04-27"))
        _ = try run(request("c", trials: 2))
        windows.cuts = nil
        windows.measure = .recallNew
        #expect(try message(request("c", trials: 2, windows)).contains("another search"))
        _ = try run(request("d", trials: 2, windows))
    }

    @Test func `a file of parameters says what is wrong in it`() throws {
        let path = shop.folder.file("parameters.json")
        func message(_ text: String) throws -> String {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try #require(#expect(throws: LearningError.self) { try ParameterFile(path: path) }).message
        }
        #expect(try message("{").contains("JSON"))
        #expect(try message(#"{"format":1,"models":{}}"#).contains("no file of parameters"))
        #expect(try message(#"{"format":2,"models":{"blend":{}}}"#).contains("no file of parameters"))
        #expect(try message(#"{"format":1,"models":{"oracle":{}}}"#).contains("'oracle'"))
        #expect(try message(#"{"format":1,"models":{"blend":{"luck":1}}}"#).contains("no parameter 'luck'"))
        #expect(try message(#"{"format":1,"models":{"blend":{"decay":2}}}"#).contains("0.9 to 0.999"))
        #expect(try message(#"{"format":1,"models":{"blend":{"neighbours":99.5}}}"#).contains("a whole number"))
        #expect(try message(#"{"format":1,"models":{"hybrid":{"objective":"luck"}}}"#).contains("rank:ndcg"))
        try #"{"format":1,"models":{"tifu_knn":{"group_size":3}}}"#.write(
            toFile: path, atomically: true, encoding: .utf8)
        let other = try ParameterFile(path: path)
        #expect(throws: LearningError.self) {
            try shop.workbench.train(before: nil, parameters: other, progress: { _, _ in })
        }
        #expect(throws: LearningError.self) { try ParameterFile(path: shop.folder.file("absent.json")) }
    }

    @Test func `spaces hold what is shipped, and every model of a space is trained with it`() throws {
        var shipped = ModelParameters()
        for (name, space) in BasketParameters.spaces { BasketParameters.set(name, to: space.shipped, in: &shipped) }
        #expect(shipped == ModelParameters())
        let set = try shop.workbench.trainingSet(before: GrocerShop.day(ofWeek: 14))
        for model in BasketTuning.models where model.name != "als" && model.name != "bpr" {
            #expect(zip(model.space.parameters, model.space.shipped).allSatisfy { $0.range.contains($1) })
            let trainer = model.prepare(set)
            let users = set.log.activeUserNumbers
            let plain = try BasketPredictor(model: model.name, set: set)
            #expect(
                trainer(model.space.shipped).lists(for: users, in: set, areNew: false)
                    == plain.lists(for: users, in: set, areNew: false), "\(model.name)")
        }
    }

    @Test(arguments: BasketPredictor.names.filter { !BasketPredictor.needsNetwork($0) })
    func `every model can be asked for baskets`(_ name: String) throws {
        let set = try shop.workbench.trainingSet(before: GrocerShop.day(ofWeek: 14), for: [name])
        let model = try BasketPredictor(model: name, set: set)
        let users = set.log.activeUserNumbers
        let (lists, new) = (
            model.lists(for: users, in: set, areNew: false), model.lists(for: users, in: set, areNew: true)
        )
        #expect(lists.count == users.count && new.count == users.count)
        for (user, list) in zip(users, new) {
            #expect(Set(list).count == list.count && list.count <= 10)
            #expect(
                Set(set.log.history(of: user, before: set.now).map { Int32($0.item.rawValue) }).isDisjoint(with: list))
        }
        #expect(lists == model.lists(for: users, in: set, areNew: false))
        // Everybody has a list, but for what only joins a basket or a session.
        if name != BoughtTogetherModel.name { #expect(lists.allSatisfy { $0.count == 10 }) }
    }
}

extension InteractionLog {
    /// Everybody who bought something, in rising order.
    fileprivate var activeUserNumbers: [UserNumber] {
        (0..<userLimit).map { UserNumber(UInt32($0)) }.filter { !range(of: $0).isEmpty }
    }
}
