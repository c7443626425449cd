import Testing

@testable import weft

struct DurationArgumentTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("0s", .zero), ("1.5s", .milliseconds(1500)), ("0.5ms", .microseconds(500)),
    ])
    func `a duration is a number and a unit`(_ text: String, _ duration: Duration) {
        #expect(DurationArgument(argument: text)?.duration == duration)
    }

    @Test(arguments: [
        "", "10", "s", "-1s", "1..5s", "10 s", "10sec", "10s ", "1m30s", "596524h", "99999999999999999999s",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        ("1500ms", "1500ms"), ("1000ms", "1s"), ("120s", "2m"), ("90m", "90m"), ("60m", "1h"), ("0ms", "0s"),
        ("0.5ms", "0.5ms"),
    ])
    func `it is written in the largest unit that has no remainder`(_ text: String, _ written: String) {
        #expect(DurationArgument(argument: text)?.description == written)
    }
}
