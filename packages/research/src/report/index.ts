export { renderReport } from "./render-report.ts";
export type {
  AmbiguityTable,
  ConfigurationRow,
  EquitySeries,
  FillMarker,
  JsonValue,
  MonthlyRow,
  PriceSeries,
  ReportFigure,
  ReportFinding,
  ReportFooter,
  ReportModel,
  ReportSubtitle,
  RoundTripRow,
} from "./report-model.ts";
