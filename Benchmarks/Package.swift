// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// A package of its own, so that nothing of it reaches who uses weft. It drives the program as its users do.
let package = Package(
    name: "benchmarks",
    targets: [
        // Limits of this kernel: the same work by the same messages, and nothing else.
        .executableTarget(name: "yardstick", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])]),

        // Samples, what they say, and how that is told.
        .target(name: "Measuring", swiftSettings: settings),

        // What is measured.
        .executableTarget(name: "bench", dependencies: ["Measuring"], swiftSettings: settings),

        .testTarget(name: "MeasuringTests", dependencies: ["Measuring"], swiftSettings: settings),
    ]
)
