import Glibc

extension TrafficPath {
    /// Does `measure` again, a few times, when its time was up and nothing had come: a processor of a virtual machine may
    /// stand still for longer than any packet is under way.
    package func repeating<Figure>(
        _ measure: (TrafficPath) throws(SystemError) -> Figure
    ) throws(SystemError) -> Figure {
        for _ in 1..<3 {
            do throws(SystemError) {
                return try measure(self)
            } catch  where error.errno == ETIMEDOUT {
                continue
            }
        }
        return try measure(self)
    }
}
