import Foundation
import Measuring
import Testing

struct ReportTests {
    private static let targets = [
        Target(at: 1000, .atMost(1.1, timesOf: "C")), Target(at: 1000, .faster(8, than: "ip")),
        Target(at: 1000, .seconds(3)), Target(at: 1000, .mebibytes(128)), Target(at: 5, .seconds(3)),
    ]

    private static var outcome: Outcome {
        let benchmark = Benchmark(
            "routes", heading: "Routes & more", about: "Made.", unit: "routes", sizes: [100, 1000], smallSizes: [100],
            phases: [Phase("apply", "Apply", targets: targets)],
            contestants: ["C", "weft", "ip", "absent"].map { name in Contestant(name) { _ in "" } })
        var outcome = Outcome(benchmark, sizes: [100, 1000])
        for (name, cost) in [("C", 1.0), ("weft", 1.25), ("ip", 9.0)] {
            for (size, factor) in [(100, 0.1), (1000, 1)] {
                for _ in 0..<3 {
                    let sample = Sample(phase: "apply", seconds: cost * factor, processorSeconds: 0.5, mebibytes: 64)
                    outcome.add(sample, at: size, of: name)
                }
            }
        }
        outcome.omit("absent", "there is no absent")
        return outcome
    }

    private static let report = Report(
        machine: Report.Machine(processor: "Some CPU", cores: 2, kernel: "6.1", commit: "abc"), rounds: 3,
        outcomes: [outcome])

    @Test func `each target is held against what was reached, and none against nothing`() {
        let verdicts = Self.targets.map { Self.outcome.verdict(on: $0, of: "apply") }
        #expect(verdicts.map(\.?.isMet) == [false, false, true, true, nil])
        #expect(verdicts.compactMap { $0?.reached } == [1.25, 7.2, 1.25, 64])
    }

    @Test func `the table has times, spread and ratios, and leaves columns of nothing out`() {
        let text = Self.report.markdown { "\($0.name).svg" }
        #expect(text.contains("Some CPU, 2 cores, Linux 6.1, commit abc"))
        #expect(text.contains("|  | routes | C | weft | ip |"), "\(text)")
        #expect(text.contains("| Apply | 1,000 | 1.00 s ±0% | 1.25 s ±0% (1.25) | 9.00 s ±0% (9.00) |"), "\(text)")
        #expect(text.contains("weft with 1,000 routes: at most 1.10 times C: 1.25 times, **not met**"), "\(text)")
        #expect(text.contains("Apply: C 1.00, weft 1.00, ip 1.00"))
        #expect(text.contains("Left out: absent, there is no absent."))
    }

    @Test func `the JSON says the same`() throws {
        let object = try #require(JSONSerialization.jsonObject(with: Self.report.json) as? [String: Any])
        #expect((object["results"] as? [Any])?.count == 6)
        #expect((object["targets"] as? [[String: Any]])?.map { $0["met"] as? Bool } == [false, false, true, true])
        #expect(try Self.report.json == Self.report.json)
    }

    @Test func `the picture is XML with a line for each who was measured`() throws {
        let svg = Plot(Self.outcome).svg
        #expect(svg.components(separatedBy: "<polyline").count == 4)
        #expect(svg.contains("Routes &amp; more") && !svg.contains("nan"))
    }

    @Test(arguments: [(1.0, "1.00 s"), (0.0125, "12.5 ms"), (0.00098, "980 µs"), (123.4, "123 s")])
    func `durations have three digits that count`(_ seconds: Double, _ text: String) {
        #expect(duration(seconds) == text)
    }

    @Test(arguments: [(1, "1"), (1000, "1,000"), (999_000, "999,000")])
    func `thousands are set apart`(_ number: Int, _ text: String) { #expect(counted(number) == text) }
}
