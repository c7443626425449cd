/// Something that several programs do, measured at several sizes.
package struct Benchmark: Sendable {
    package let name: String
    /// What is done, in a line; `heading` above it.
    package let heading: String
    package let about: String
    /// What sizes count: `routes`.
    package let unit: String
    package let sizes: [Int]
    /// Those that show in a moment whether it works.
    package let smallSizes: [Int]
    package let phases: [Phase]
    /// What others are compared with comes first.
    package let contestants: [Contestant]

    package init(
        _ name: String, heading: String, about: String, unit: String, sizes: [Int], smallSizes: [Int],
        phases: [Phase], contestants: [Contestant]
    ) {
        self.name = name
        self.heading = heading
        self.about = about
        self.unit = unit
        self.sizes = sizes
        self.smallSizes = smallSizes
        self.phases = phases
        self.contestants = contestants
    }
}

/// A part of a benchmark that is measured by itself.
package struct Phase: Sendable {
    package let name: String
    package let heading: String
    package let targets: [Target]

    package init(_ name: String, _ heading: String, targets: [Target] = []) {
        self.name = name
        self.heading = heading
        self.targets = targets
    }
}

/// What a contestant should be able to.
package struct Target: Hashable, Sendable {
    package enum Measure: Hashable, Sendable {
        /// No more than so many times the other's seconds.
        case atMost(Double, timesOf: String)
        /// At least so many times as fast as the other.
        case faster(Double, than: String)
        case seconds(Double)
        case mebibytes(Double)
    }

    package let contestant: String
    package let size: Int
    package let measure: Measure

    package init(_ contestant: String = "weft", at size: Int, _ measure: Measure) {
        self.contestant = contestant
        self.size = size
        self.measure = measure
    }
}

/// A program that does it, by a script in namespaces of its own.
package struct Contestant: Sendable {
    package let name: String
    /// Programs, files or Python's modules that it takes (`python3:pyroute2`); without one it is left out.
    package let needs: [String]
    /// What it does not do in reasonable time beyond.
    package let largest: Int
    /// In the shell's language, of a size. Lines `measure PHASE SECONDS PROCESSOR MIB` of its output are samples.
    package let script: @Sendable (Int) -> String

    package init(
        _ name: String, needs: [String] = [], upTo largest: Int = .max, _ script: @escaping @Sendable (Int) -> String
    ) {
        self.name = name
        self.needs = needs
        self.largest = largest
        self.script = script
    }
}
