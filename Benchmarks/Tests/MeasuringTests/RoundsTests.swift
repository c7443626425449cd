import Measuring
import Testing

struct RoundsTests {
    private static func benchmark(_ contestants: [Contestant]) -> Benchmark {
        Benchmark(
            "b", heading: "B", about: "", unit: "things", sizes: [1], smallSizes: [1], phases: [Phase("work", "Work")],
            contestants: contestants)
    }

    private static func sample(_ seconds: Double) -> Sample {
        Sample(phase: "work", seconds: seconds, processorSeconds: 0, mebibytes: 0)
    }

    @Test func `all have a turn each round, and another begins each time`() {
        var order: [String] = []
        let rounds = Rounds(3, isThere: { _ in true }) { script in
            order.append(script)
            return .success([Self.sample(Double(order.count))])
        }
        let outcome = rounds.measure(
            Self.benchmark([Contestant("a") { _ in "a" }, Contestant("b") { _ in "b" }]), sizes: [1])
        #expect(order == ["a", "b", "b", "a", "a", "b"])
        #expect(outcome.samples("work", at: 1, of: "a").map(\.seconds) == [1, 4, 5])
        #expect(outcome.omissions.isEmpty)
    }

    @Test func `who is not there, fails or would take too long is left out, and the reason said`() {
        let contestants = [
            Contestant("whole") { "whole \($0)" }, Contestant("absent", needs: ["mininet"]) { _ in "absent" },
            Contestant("broken") { _ in "broken" }, Contestant("slow", upTo: 10) { "slow \($0)" },
        ]
        var scripts: [String] = []
        let rounds = Rounds(2, isThere: { $0 != "mininet" }) { script in
            scripts.append(script)
            return script == "broken" ? .failure(Rounds.Failure("it said no")) : .success([Self.sample(1)])
        }
        let outcome = rounds.measure(Self.benchmark(contestants), sizes: [10, 20])
        #expect(!scripts.contains("absent") && !scripts.contains("slow 20"))
        #expect(scripts.count { $0 == "broken" } == 1)
        #expect(
            outcome.omissions.map { "\($0.contestant): \($0.reason)" } == [
                "absent: there is no mininet", "broken: with 10 things: it said no",
                "slow: takes too long with 20 things",
            ])
        #expect(outcome.samples("work", at: 20, of: "whole").count == 2)
    }

    @Test(arguments: [
        ("measure apply 1.5 0.25 12.5", true), ("measure apply 1.5", false), ("measuring apply 1 1 1", false),
        ("measure apply x 1 1", false),
    ])
    func `a line is a sample or none`(_ line: String, _ isSample: Bool) {
        let expected = Sample(phase: "apply", seconds: 1.5, processorSeconds: 0.25, mebibytes: 12.5)
        #expect(Sample(line: line) == (isSample ? expected : nil))
    }
}
