import Agent
import NetworkState
import Testing

struct DriftReportTests {
    private func change(_ value: String) -> Change {
        Change(
            in: .own, from: .sysctl(Sysctl("net/ipv4/ip_forward", value)),
            to: .sysctl(Sysctl("net/ipv4/ip_forward", "1")))
    }

    @Test func `a difference is told once, and again when it is another one`() {
        var report = DriftReport()
        #expect(report.update([change("0")]).new == [change("0")])
        #expect(report.update([change("0")]).new.isEmpty)
        #expect(report.update([change("2")]).new == [change("2")])
    }

    @Test func `its end is told, and what comes back is new`() {
        var report = DriftReport()
        _ = report.update([change("0")])
        let (new, gone) = report.update([])
        #expect(new.isEmpty)
        #expect(gone == [change("0")])
        #expect(report.update([change("0")]).new == [change("0")])
    }
}
