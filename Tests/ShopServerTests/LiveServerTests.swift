import Foundation
import FoundationNetworking
import ShopServer
import Storage
import Testing

@Suite struct LiveServerTests {
    @Test func `a live server answers, and a second one at its port says that it is taken`() async throws {
        let shop = try TestShop()
        try shop.server.start()
        defer { #expect(throws: Never.self) { try shop.server.stop() } }
        let port = shop.server.port
        var request = URLRequest(url: URL(string: "http://127.0.0.1:\(port)/v1/shops/grocery/search?q=apple")!)
        request.setValue("Bearer \(shop.key(.search))", forHTTPHeaderField: "Authorization")
        for _ in 0..<5 {
            let (data, response) = try await URLSession.shared.data(for: request)
            #expect((response as? HTTPURLResponse)?.statusCode == 200)
            #expect(String(decoding: data, as: UTF8.self).contains("Apple 1"))
        }
        let second = try TestShop { $0.port = port }
        #expect(throws: (any Error).self) { try second.server.start() }
    }
}
