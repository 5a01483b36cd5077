package fetch

import "time"

// capitals maps a country to the zone in which its outlets print times.
var capitals = map[string]string{
	"AE": "Asia/Dubai", "BH": "Asia/Bahrain", "DJ": "Africa/Djibouti", "DZ": "Africa/Algiers", "EG": "Africa/Cairo", "IQ": "Asia/Baghdad",
	"IR": "Asia/Tehran", "JO": "Asia/Amman", "KM": "Indian/Comoro", "KW": "Asia/Kuwait", "LB": "Asia/Beirut", "LY": "Africa/Tripoli",
	"MA": "Africa/Casablanca", "MR": "Africa/Nouakchott", "OM": "Asia/Muscat", "PS": "Asia/Hebron", "QA": "Asia/Qatar", "SA": "Asia/Riyadh",
	"SD": "Africa/Khartoum", "SO": "Africa/Mogadishu", "SY": "Asia/Damascus", "TN": "Africa/Tunis", "TR": "Europe/Istanbul", "YE": "Asia/Aden",
	"DE": "Europe/Berlin", "ES": "Europe/Madrid", "FR": "Europe/Paris", "GB": "Europe/London", "IL": "Asia/Jerusalem", "IT": "Europe/Rome", "RU": "Europe/Moscow",
}

// zoneOf is the zone of a country's outlets; UTC when it is unknown or has several.
func zoneOf(country string) *time.Location {
	name, ok := capitals[country]
	if !ok {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// arabCountry says that a country's outlets write AST for the time of Arabia.
func arabCountry(code string) bool {
	switch code {
	case "AE", "BH", "DJ", "DZ", "EG", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SO", "SY", "TN", "YE":
		return true
	}
	return false
}
