// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A module of Souk with its tests. Imports go downwards only: see ARCHITECTURE.md.
/// `reference` names files beside the tests that are no sources: scripts and their golden values.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], reference: [String] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
            exclude: reference, swiftSettings: settings),
    ]
}

let libraries: [Target] = [
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CMicrohttpd"),
    .systemLibrary(name: "CStemmer"),
    .target(name: "CICU", linkerSettings: [.linkedLibrary("icuuc")]),
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CXGBoost"),
    .systemLibrary(name: "COpenBLAS"),
]

let domain = module("Domain")
domain[0].linkerSettings = [.linkedLibrary("m")]

let machinery: [[Target]] = [
    module("JSON", ["CJansson"]),
    module("Numerics", ["COpenBLAS"]),
    module("Ranking", ["JSON", "Numerics", "CXGBoost"]),
    module("Storage", ["Domain", "JSON", "CSQLite", "CSodium"]),
    module("TextAnalysis", ["Domain", "CStemmer", "CICU"]),
    module("Features", ["Domain", "JSON", "Numerics", "Storage"]),
    module("HTTP", ["CMicrohttpd"]),
]

let stages: [[Target]] = [
    module("Feeds", ["Domain", "JSON", "Storage"]),
    module("SearchIndex", ["Domain", "JSON", "Numerics", "Storage", "TextAnalysis"]),
    module(
        "Recommenders", ["Domain", "JSON", "Numerics", "Storage", "Features", "Ranking"],
        reference: ["golden.py", "golden.json"]),
    module("Merchandising", ["Domain", "JSON"]),
    module(
        "Evaluation", ["Domain", "JSON", "Numerics"],
        reference: ["golden.py", "golden.json", "golden_classification.py", "golden_classification.json"]),
    module("Simulation", ["Domain", "JSON", "Numerics", "Storage", "Features"]),
]

let useCases: [[Target]] = [
    module(
        "Learning",
        [
            "Domain", "JSON", "Numerics", "Storage", "Features", "TextAnalysis", "Feeds", "SearchIndex", "Recommenders",
            "Evaluation", "Simulation",
        ]),
    module(
        "Serving",
        [
            "Domain", "JSON", "Numerics", "Storage", "Features", "TextAnalysis", "Feeds", "SearchIndex", "Recommenders",
            "Merchandising",
        ]),
]

let delivery: [[Target]] = [
    module(
        "ShopServer",
        [
            "Domain", "JSON", "Storage", "Features", "Feeds", "SearchIndex", "Recommenders", "HTTP", "Merchandising",
            "Serving",
        ])
]

let package = Package(
    name: "souk",
    products: [
        .executable(name: "souk", targets: ["souk"]), .executable(name: "souk-bench", targets: ["souk-bench"]),
    ],
    targets: libraries + domain + machinery.flatMap(\.self) + stages.flatMap(\.self) + useCases.flatMap(\.self)
        + delivery.flatMap(\.self) + [
            .target(name: "TestSupport", dependencies: ["Domain"], path: "Tests/TestSupport", swiftSettings: settings),
            .executableTarget(
                name: "souk",
                dependencies: [
                    "Domain", "JSON", "Storage", "Features", "Feeds", "SearchIndex", "Recommenders", "Evaluation",
                    "Simulation", "Learning", "Serving", "ShopServer",
                ],
                swiftSettings: settings),
            .executableTarget(
                name: "souk-bench", dependencies: ["Domain", "JSON", "SearchIndex"], swiftSettings: settings),
        ]
)
