// swift-tools-version: 6.2
import PackageDescription

/// libtorch is Debian's, or the one inside a pip `torch` package: SOUK_TORCH=…/site-packages/torch.
let torchFolder = Context.environment["SOUK_TORCH"]
let torchHeaders = torchFolder.map { ["-I\($0)/include", "-I\($0)/include/torch/csrc/api/include"] } ?? []
let torchLibraries = torchFolder.map { ["-L\($0)/lib", "-Xlinker", "-rpath", "-Xlinker", "\($0)/lib"] } ?? []

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Networks are slow without optimisation: tests of them would take minutes.
let optimised: [SwiftSetting] = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A module of Souk with its tests. Imports go downwards only: see ARCHITECTURE.md.
/// `reference` names files beside the tests that are no sources: scripts and their golden values.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], reference: [String] = [],
    settings own: [SwiftSetting] = settings
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: own),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
            exclude: reference, swiftSettings: settings),
    ]
}

/// The only target that sees C++ of libtorch; nothing that `souk` links may depend on it.
let torchShim = Target.target(
    name: "CTorch", cxxSettings: [.unsafeFlags(torchHeaders)],
    linkerSettings: [
        // The libtorch of a pip package holds another Gloo, which others would find: Debian's stands before it.
        .linkedLibrary("gloo"), .unsafeFlags(torchLibraries), .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
    ])

let libraries: [Target] = [
    torchShim,
    .target(name: "CGloo", linkerSettings: [.linkedLibrary("gloo")]),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CMicrohttpd"),
    .systemLibrary(name: "CStemmer"),
    .target(name: "CICU", linkerSettings: [.linkedLibrary("icuuc"), .linkedLibrary("icui18n")]),
    // The headers lie in a folder that only pkg-config would name, and name each other without it.
    .target(
        name: "CPocketSphinx", cSettings: [.unsafeFlags(["-I/usr/include/pocketsphinx"])],
        linkerSettings: [.linkedLibrary("pocketsphinx"), .linkedLibrary("sphinxbase")]),
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CXGBoost"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "COpenBLAS"),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
]

let domain = module("Domain")
domain[0].linkerSettings = [.linkedLibrary("m")]

let torch = module("Torch", ["CTorch", "Numerics"], reference: ["golden.py", "golden.json"])
torch[1].dependencies.append("JSON")

let machinery: [[Target]] = [
    module("JSON", ["CJansson"]),
    module(
        "Numerics", ["COpenBLAS", "CKernels"], reference: ["golden_beta.py", "golden_beta.json"], settings: optimised),
    torch,
    module("Collective", ["CGloo", "Storage"]),
    module("Ranking", ["JSON", "Numerics", "CKernels", "CXGBoost"], settings: optimised),
    module("Storage", ["Domain", "JSON", "CSQLite", "CSodium", "CMalloc"]),
    module("TextAnalysis", ["Domain", "CStemmer", "CICU"]),
    module("Features", ["Domain", "JSON", "Numerics", "Storage", "TextAnalysis"]),
    module("HTTP", ["CMicrohttpd"]),
    module("Pictures", ["Numerics", "Storage", "CZlib"], settings: optimised),
    module("Speech", ["Domain", "Storage", "TextAnalysis", "CPocketSphinx"], settings: optimised),
    module(
        "Encoders", ["JSON", "Numerics", "Storage"], reference: ["golden.py", "golden.json"], settings: optimised),
]

let stages: [[Target]] = [
    module("Feeds", ["Domain", "JSON", "Storage", "Pictures"]),
    module("SearchIndex", ["Domain", "JSON", "Numerics", "Storage", "TextAnalysis"]),
    module(
        "Recommenders", ["Domain", "JSON", "Numerics", "Storage", "Features", "Ranking", "Encoders"],
        reference: [
            "golden.py", "golden.json", "golden_ratings.py", "golden_ratings.json", "golden_content.py",
            "golden_content.json", "golden_reranking.py", "golden_reranking.json",
        ]),
    module("Merchandising", ["Domain", "JSON", "TextAnalysis"]),
    module("VectorIndex", ["Numerics"], settings: optimised),
    module(
        "Evaluation", ["Domain", "JSON", "Numerics"],
        reference: [
            "golden.py", "golden.json", "golden_classification.py", "golden_classification.json",
            "golden_estimates.py", "golden_estimates.json", "golden_words.py", "golden_words.json",
            "golden_reports.py", "golden_reports.json",
        ]),
    module("Simulation", ["Domain", "JSON", "Numerics", "Storage", "Features"]),
]

let useCases: [[Target]] = [
    module(
        "Meaning",
        ["Domain", "JSON", "Numerics", "Storage", "TextAnalysis", "VectorIndex", "Encoders", "SearchIndex"]),
    module(
        "Learning",
        [
            "Domain", "JSON", "Numerics", "Storage", "Features", "TextAnalysis", "Pictures", "Feeds", "SearchIndex",
            "Recommenders", "Encoders", "Evaluation", "Simulation", "Meaning", "Merchandising", "Speech", "VectorIndex",
        ]),
    module(
        "Serving",
        [
            "Domain", "JSON", "Numerics", "Storage", "Features", "TextAnalysis", "Pictures", "Feeds", "SearchIndex",
            "Recommenders", "Merchandising", "Evaluation", "Meaning", "Speech",
        ],
        reference: ["golden_ratings.py", "golden_ratings.json"]),
]

let delivery: [[Target]] = [
    module("CommandInterface", ["Domain"]),
    module(
        "ShopServer",
        [
            "Domain", "JSON", "Storage", "Features", "Pictures", "Feeds", "SearchIndex", "Recommenders", "HTTP",
            "Merchandising", "Serving", "Speech",
        ]),
]

/// What trains with libtorch: linked by `souk-train` alone.
let training = module(
    "NeuralModels",
    [
        "Domain", "JSON", "Numerics", "Storage", "Features", "Ranking", "Recommenders", "Evaluation", "Torch",
        "Pictures", "Collective", "VectorIndex", "Encoders", "Meaning",
    ],
    reference: [
        "golden.py", "golden.json", "golden_tabular.py", "golden_tabular.json", "golden_networks.py",
        "golden_networks.json",
    ])
// From a network's training to a shopper's shelf: what trains and what serves meet in no program.
training[1].dependencies += ["Learning", "Serving"]

let package = Package(
    name: "souk",
    products: [
        .executable(name: "souk", targets: ["souk"]), .executable(name: "souk-bench", targets: ["souk-bench"]),
        .executable(name: "souk-train", targets: ["souk-train"]),
    ],
    targets: libraries + domain + machinery.flatMap(\.self) + stages.flatMap(\.self) + useCases.flatMap(\.self)
        + delivery.flatMap(\.self) + training + [
            .target(
                name: "TestSupport", dependencies: ["Domain", "Numerics"], path: "Tests/TestSupport",
                swiftSettings: settings),
            .executableTarget(
                name: "souk",
                dependencies: [
                    "CommandInterface", "Domain", "JSON", "Numerics", "Storage", "Features", "Pictures", "Feeds",
                    "SearchIndex",
                    "Recommenders", "Evaluation", "Simulation", "Learning", "Serving", "ShopServer", "Speech",
                    "VectorIndex",
                ],
                swiftSettings: settings),
            .executableTarget(
                name: "souk-train",
                dependencies: [
                    "CommandInterface", "Domain", "JSON", "Numerics", "Evaluation", "Recommenders", "Learning",
                    "NeuralModels",
                    "Torch", "Collective",
                ],
                swiftSettings: settings),
            .testTarget(
                name: "SoukTrainTests",
                dependencies: [
                    "souk-train", "CommandInterface", "JSON", "Learning", "NeuralModels", "Torch", "TestSupport",
                ],
                swiftSettings: settings),
            .executableTarget(
                name: "souk-bench",
                dependencies: [
                    "Domain", "JSON", "Numerics", "Storage", "SearchIndex", "Encoders", "VectorIndex", "Meaning",
                    "Features",
                    "Recommenders",
                ],
                swiftSettings: settings),
        ],
    cxxLanguageStandard: .cxx17
)
