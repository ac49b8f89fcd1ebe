import Foundation
import HTTP
import JSON
import ShopServer
import Storage
import TestSupport
import Testing

@Suite struct NetworkRouteTests {
    private let folder: TemporaryFolder
    private let shop: TestShop

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        for name in ["models/cnn", "models/done/1", "models/empty", "models/.hidden", "reports"] {
            try FileSystem.makeFolder(folder.file(name))
        }
        let log = "epoch,seconds,rate,training_loss,validation_loss,validation_score\n"
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        }
        try write(log + "1,9.50,0.001,0.7,0.5,0.81\n2,9.25,0.001,0.6,,\nhalf a li", "models/cnn/log.csv")
        try write(log + "1,1.00,0.001,0.7,0.5,0.9\n", "models/done/1/log.csv")
        try write(#"{"accuracy":0.9,"classes":["a"]}"#, "models/done/1/metrics.json")
        try write(log, "models/.hidden/log.csv")
        try write("<!doctype html><title>Done</title>", "reports/done.html")
        try write("secret", "secret.html")
        shop = try TestShop { configuration in
            configuration.networksFolder = folder.file("models")
            configuration.reportsFolder = folder.file("reports")
        }
    }

    private func session(_ shop: TestShop) throws -> [HTTPHeader] {
        shop.credentials.addPerson("vera", password: "correct horse", role: .viewer)
        let login = try shop.ask("POST", "/console/api/login", body: #"{"name":"vera","password":"correct horse"}"#)
        return [HTTPHeader("Cookie", String(try #require(login.header("Set-Cookie")).prefix { $0 != ";" }))]
    }

    @Test func `curves and figures of networks are told`() throws {
        #expect(try shop.ask("GET", "/console/api/networks").status == 401)
        let answer = try shop.ask("GET", "/console/api/networks", headers: session(shop)).json
        #expect(answer["has_folder"]?.boolValue == true)
        let networks = try #require(answer["networks"]?.arrayValue)
        #expect(networks.map { $0["name"]?.stringValue } == ["cnn", "done"])
        #expect(networks.map { $0["running"]?.boolValue } == [true, false])
        #expect(networks.map { $0["has_report"]?.boolValue } == [false, true])
        let epochs = try #require(networks[0]["epochs"]?.arrayValue)
        #expect(epochs.count == 2 && epochs[1]["seconds"]?.doubleValue == 9.25)
        #expect(epochs[0]["validation_score"]?.doubleValue == 0.81)
        #expect(epochs[1]["validation_score"] == .null)
        let version = try #require(networks[1]["versions"]?.arrayValue?.first)
        #expect(version["version"]?.integerValue == 1)
        #expect(version["metrics"]?.objectValue?.map(\.name) == ["accuracy"])
    }

    @Test func `a run of several parts shows the one that it is at, and those before`() throws {
        let log = "epoch,seconds,rate,training_loss,validation_loss,validation_score\n"
        func write(_ epochs: Int, _ name: String, at time: Int) throws {
            try FileSystem.makeFolder(folder.file(FileSystem.folder(of: name)))
            let rows = (1...epochs).map { "\($0),2.0,0.001,0.7,0.5,0.\($0)\n" }.joined()
            try Data((log + rows).utf8).write(to: URL(filePath: folder.file(name)))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(time))], ofItemAtPath: folder.file(name))
        }
        func told(_ name: String) throws -> JSONValue {
            let answer = try shop.ask("GET", "/console/api/networks", headers: session(shop)).json
            return try #require(answer["networks"]?.arrayValue?.first { $0["name"]?.stringValue == name })
        }
        func earlier(_ network: JSONValue) -> [String?]? {
            network["earlier"]?.arrayValue?.map { $0["part"]?.stringValue }
        }
        let now = Int(Date().timeIntervalSince1970)
        // A log of an earlier run lies there while the number of epochs is chosen again.
        try write(9, "models/sasrec/log.csv", at: now - 3000)
        try write(2, "models/sasrec/choosing/log.csv", at: now - 20)
        var network = try told("sasrec")
        #expect(network["part"]?.stringValue == "choosing" && network["epochs"]?.arrayValue?.count == 2)
        #expect(network["running"]?.boolValue == true && earlier(network) == [])
        try write(1, "models/sasrec/log.csv", at: now)
        network = try told("sasrec")
        #expect(network["part"] == .null && network["epochs"]?.arrayValue?.count == 1)
        #expect(earlier(network) == ["choosing"])
        #expect(network["earlier"]?.arrayValue?.first?["epochs"]?.arrayValue?.count == 2)
        try write(3, "models/purchase/folds/1/log.csv", at: now - 40)
        try write(1, "models/purchase/folds/2/log.csv", at: now - 20)
        try write(7, "models/purchase/folds/3/log.csv", at: now - 2000)
        network = try told("purchase")
        #expect(network["part"]?.stringValue == "fold 2" && network["epochs"]?.arrayValue?.count == 1)
        #expect(earlier(network) == ["fold 1"])
    }

    @Test func `a report is a page without scripts, and no name leads out of the folder`() throws {
        let session = try session(shop)
        let page = try shop.ask("GET", "/console/networks/done/report", headers: session)
        #expect(page.status == 200 && page.header("Content-Type") == "text/html; charset=utf-8")
        #expect(page.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
        #expect(try shop.ask("GET", "/console/networks/done/report").status == 401)
        for name in ["cnn", "..%2Fsecret", "%2e%2e%2fsecret", ".", String(repeating: "x", count: 200)] {
            #expect(try shop.ask("GET", "/console/networks/\(name)/report", headers: session).status == 404)
        }
    }

    @Test func `a server that knows of no networks says so`() throws {
        let plain = try TestShop()
        let answer = try plain.ask("GET", "/console/api/networks", headers: session(plain)).json
        #expect(answer["has_folder"]?.boolValue == false && answer["networks"]?.arrayValue?.isEmpty == true)
    }
}
