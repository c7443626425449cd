// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "weft",
    products: [
        .executable(name: "weft", targets: ["weft"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // The vocabulary: what a host's network looks like, and what may be done to it.
        .target(name: "NetworkState", swiftSettings: settings),

        // JSON text to values, and values back to their place in the text.
        .target(name: "JSONReader", dependencies: ["NetworkState", "CJansson"], swiftSettings: settings),

        // JSON topology in, plans out. Pure: no sockets, no clock, no root.
        .target(name: "Compiler", dependencies: ["NetworkState", "JSONReader"], swiftSettings: settings),

        // The wire: sockets, messages, attributes, namespaces. The only Swift that is unsafe.
        .target(
            name: "Netlink",
            dependencies: ["CMnl", "CNftables", "CLinux"],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]
        ),

        // Plans in, a changed kernel out.
        .target(
            name: "Applier",
            dependencies: ["NetworkState", "JSONReader", "Netlink", "CLinux"],
            swiftSettings: settings
        ),

        // Flannel's UDP mode: packets between a TUN link and a UDP socket, and what becomes of each.
        .target(name: "Forwarder", dependencies: ["NetworkState", "Netlink"], swiftSettings: settings),

        // Many hosts on one box, and proof that their containers reach each other.
        .target(
            name: "NetnsHarness",
            dependencies: ["NetworkState", "JSONReader", "Compiler", "Netlink", "Applier"],
            swiftSettings: settings
        ),

        // One host kept as its topology says: watches both, and repairs the one or takes up the other.
        .target(
            name: "Agent",
            dependencies: ["NetworkState", "JSONReader", "Compiler", "Netlink", "Applier", "NetnsHarness"],
            swiftSettings: settings
        ),

        // Arguments, files, exit codes, colour.
        .executableTarget(
            name: "weft",
            dependencies: [
                "NetworkState", "JSONReader", "Compiler", "Netlink", "Applier", "Forwarder", "NetnsHarness",
                "Agent",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/CLI",
            swiftSettings: settings
        ),

        .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"]), .yum(["libmnl-devel"])]),
        .systemLibrary(
            name: "CNftables", pkgConfig: "libnftables",
            providers: [.apt(["libnftables-dev"]), .yum(["nftables-devel"])]),
        .systemLibrary(
            name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"]), .yum(["jansson-devel"])]),
        .target(name: "CLinux"),

        // Where the tests run, and what they compare with.
        .target(
            name: "TestSupport",
            dependencies: ["NetworkState", "Netlink", "Compiler", "Applier", "NetnsHarness"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "NetworkStateTests", dependencies: ["NetworkState", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "JSONReaderTests", dependencies: ["JSONReader", "NetworkState"], swiftSettings: settings),
        .testTarget(
            name: "CompilerTests",
            dependencies: ["Compiler", "JSONReader", "NetworkState", "TestSupport"],
            exclude: ["Fixtures", "Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NetlinkTests",
            dependencies: ["Netlink", "NetworkState", "CLinux", "TestSupport"],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]
        ),
        .testTarget(
            name: "ApplierTests",
            dependencies: ["Applier", "JSONReader", "NetworkState", "Netlink", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ForwarderTests",
            dependencies: ["Forwarder", "NetworkState", "Netlink", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AgentTests",
            dependencies: ["Agent", "Applier", "NetworkState", "Netlink", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NetnsHarnessTests",
            dependencies: [
                "NetnsHarness", "Compiler", "Applier", "JSONReader", "NetworkState", "Netlink", "TestSupport",
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "weft", "NetworkState", "JSONReader", "Compiler", "Netlink", "Applier", "NetnsHarness", "TestSupport",
            ],
            swiftSettings: settings
        ),
    ]
)
