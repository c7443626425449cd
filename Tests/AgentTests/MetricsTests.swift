import Agent
import Testing

struct MetricsTests {
    private static func sample(_ name: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }.flatMap { Double($0.dropFirst(name.count + 1)) }
    }

    @Test func `every family has help and a type, and no sample belongs to none`() {
        let lines = Metrics().text(host: "A", mode: "enforce", version: "1").split(separator: "\n")
        let families = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] } == families)
        for line in lines where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " }
            #expect(families.contains { name == $0 || name.hasPrefix("\($0)_") }, "\(line)")
        }
    }

    @Test func `buckets hold everything up to their bound`() {
        var metrics = Metrics()
        for seconds in [0.001, 0.02, 0.02, 7, 60] { metrics.applyDurations.observe(seconds) }
        let text = metrics.text(host: "A", mode: "enforce", version: "1")
        let bucket = { (bound: String) in
            Self.sample("weft_agent_apply_duration_seconds_bucket{le=\"\(bound)\"}", in: text)
        }
        #expect(["0.005", "0.025", "5.0", "10.0", "+Inf"].map(bucket) == [1, 3, 3, 4, 5])
        #expect(Self.sample("weft_agent_apply_duration_seconds_count", in: text) == 5)
    }

    @Test func `a name with quotes stays a label`() {
        let text = Metrics().text(host: #"a"b\c"#, mode: "observe", version: "1")
        #expect(text.contains(#"{version="1",host="a\"b\\c",mode="observe"} 1"#))
    }
}
