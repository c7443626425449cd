import Agent
import Netlink
import NetworkState
import Testing

struct LogEntryTests {
    private let time = WallClock(seconds: 1_769_860_800, milliseconds: 7)
    private let entry = LogEntry(
        .repaired, .warning, object: "route A/172.17.9.0/24", action: "add", reason: "said \"no\"\nand went",
        duration: .microseconds(1500))

    @Test func `a line of text is one line, and its values can be told apart`() {
        #expect(
            entry.text(at: time, host: "A")
                == #"2026-01-31T12:00:00.007Z warning host=A event=repaired object="route A/172.17.9.0/24" action=add "#
                + #"reason="said \"no\"\nand went" duration=0.0015s"#)
    }

    @Test func `JSON says the same, without what there is nothing to say of`() {
        #expect(
            entry.json(at: time, host: "A").line
                == #"{"action":"add","duration":0.0015,"event":"repaired","host":"A","level":"warning","#
                + #""object":"route A/172.17.9.0/24","reason":"said \"no\"\nand went","time":"2026-01-31T12:00:00.007Z"}"#
        )
        #expect(
            LogEntry(.started).json(at: time, host: "A").object?.keys.sorted() == ["event", "host", "level", "time"])
    }
}
